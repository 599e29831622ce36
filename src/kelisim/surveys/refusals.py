"""Why a questionnaire was not taken in, in the reader's language.

pyxform and our reader say what is wrong in English. The kinds that people meet most are recognised
here by those words and said in the words of the site; the English text stays as the details.
"""

# ruff: noqa: E501  (a table reads best with one kind a line)

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kelisim.core.errors import Refusal


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal for a person: its kind for programs, a sentence, and the English details."""

    code: str
    sentence: str
    details: str


_ROW = r"\[row : (?P<row>\d+)\][^\[]*?"
_KINDS: tuple[tuple[str, str, Promise], ...] = (
    ("no-survey-sheet", r"no sheet 'survey'|must have a sheet named survey", _("The workbook has no sheet “survey”: give that name to the sheet of the questions.")),
    ("header-absent", r"Invalid headers provided for sheet: '(?P<sheet>[^']+)'\. For XLSForms", _("The first row of the sheet “%(sheet)s” does not name its columns.")),
    ("header-twice", r"sheet: '(?P<sheet>[^']+)'\. Headers that are different", _("Two columns of the sheet “%(sheet)s” mean the same: remove one.")),
    ("header-missing", r"sheet: '(?P<sheet>[^']+)'\. One or more required column headers were not found: (?P<names>.+?)\. Learn", _("The sheet “%(sheet)s” lacks the columns %(names)s.")),
    ("include", r"has not been included", _("The questionnaire takes in another file, which is not supported: put its rows into this workbook.")),
    ("label-missing", r"has no label", _("A question has neither a wording nor a hint: give it one.")),
    ("name-twice", _ROW + r"'name' value '(?P<name>[^']+)' is invalid\. Questions, groups, and repeats must be unique", _("Row %(row)s: the name “%(name)s” is used twice in one group.")),
    ("repeat-name-twice", _ROW + r"'name' value '(?P<name>[^']+)' is invalid\. Repeat names", _("Row %(row)s: the name “%(name)s” of the repeated group is taken already.")),
    ("choice-name-missing", _ROW + r"Choices must have a name", _("Row %(row)s of the sheet “choices”: the answer has no name.")),
    ("choice-label-missing", _ROW + r"Choices should have a label", _("Row %(row)s of the sheet “choices”: the answer has no wording.")),
    ("choice-name-twice", _ROW + r"Choice names must be unique", _("Row %(row)s of the sheet “choices”: the name of the answer is used twice in one list.")),
    ("name-wrong", _ROW + r"On the '(?P<sheet>[^']+)' sheet, the '(?P<column>[^']+)' value is invalid\. Names must begin", _("Row %(row)s of the sheet “%(sheet)s”: a name begins with a Latin letter and holds letters, digits, “_”, “-” and “.” only.")),
    ("type-unknown", r"Unknown question type '(?P<name>[^']+)'", _("There is no type of question “%(name)s”.")),
    ("type-missing", r"\[row : (?P<row>\d+)\] Question with no type", _("Row %(row)s: the question has no type.")),
    ("question-name-missing", r"\[row : (?P<row>\d+)\] Question or group with no name", _("Row %(row)s: the question or the group has no name.")),
    ("list-missing", r"\[row : (?P<row>\d+)\] List name not in choices sheet: (?P<name>\S+)", _("Row %(row)s: the sheet “choices” has no list “%(name)s”.")),
    ("list-missing-anywhere", r"There should be a choices sheet|no choices sheet", _("The workbook has no sheet “choices”, and a question takes its answers from it.")),
    ("reference-missing", _ROW + r"On the '(?P<sheet>[^']+)' sheet, the '(?P<column>[^']+)' value is invalid\. .*Could not find the name '(?P<name>[^']+)'", _("Row %(row)s of the sheet “%(sheet)s”, column “%(column)s”: no question is called “%(name)s”.")),
    ("reference-ambiguous", _ROW + r"The name '(?P<name>[^']+)' appears more than once", _("Row %(row)s: several questions are called “%(name)s”, so that it is not clear which is meant.")),
    ("reference-wrong", _ROW + r"Reference variables must start with", _("Row %(row)s: a reference to a question is written as ${name}.")),
    ("group-not-closed", r"\[row : (?P<row>\d+)\] Unmatched 'begin_(?P<kind>\w+)'", _("Row %(row)s: the group that begins here does not end.")),
    ("group-not-opened", r"\[row : (?P<row>\d+)\] Unmatched 'end_(?P<kind>\w+)'", _("Row %(row)s: a group ends here that did not begin.")),
    ("calculation-missing", r"\[row : (?P<row>\d+)\] Missing calculation", _("Row %(row)s: what is to be calculated is missing.")),
    ("parameters-wrong", _ROW + r"'parameters' value is invalid", _("Row %(row)s: the parameters of the question are wrong.")),
    ("circle", r"depend on themselves in a circle: (?P<names>[^.]+)", _("Answers depend on themselves in a circle: %(names)s.")),
    ("function-unknown", r"There is no function '(?P<name>[^']+)'", _("There is no function “%(name)s”.")),
    ("expression-wrong", r"The expression «(?P<name>.+?)» cannot be read", _("The expression «%(name)s» cannot be read.")),
    ("file-kind", r"is not a kind of questionnaire", _("A file of this kind cannot be read: save the questionnaire as .xlsx.")),
    ("file-large", r"bytes long; at most", _("The file is too large: take the pictures out of it.")),
    ("file-damaged", r"not a workbook, or it is damaged", _("The file is not a workbook, or it is damaged: save it again as .xlsx.")),
    ("file-bomb", r"would unpack to", _("The workbook unpacks to far more than a questionnaire needs: remove empty rows and pictures.")),
    ("markup-unsafe", r"DOCTYPE|an entity", _("The file declares a document type, which no questionnaire needs.")),
    ("encoding", r"not UTF-8|zero byte|says it is", _("The file is not in UTF-8.")),
    ("file-missing", r"The file '(?P<name>[^']+)' of the form is missing", _("The file “%(name)s” that the questionnaire looks into is missing: add it.")),
    ("row", r"\[row : (?P<row>\d+)\]", _("Row %(row)s of the workbook is wrong.")),
)  # fmt: skip
OTHER = _("The workbook cannot be made into a questionnaire.")


def told(refusal: Refusal) -> Told:
    """Return a refusal in the language of the moment.

    >>> from kelisim.core.errors import QuestionnaireRefused
    >>> told(QuestionnaireRefused("There is no function 'sun'.")).code
    'function-unknown'
    """
    details = str(refusal)
    for code, pattern, sentence in _KINDS:
        found = re.search(pattern, details, re.DOTALL)
        if found is not None:
            facts = {name: text or "" for name, text in found.groupdict().items()}
            return Told(code, str(sentence) % facts if facts else str(sentence), details)
    return Told("other", str(OTHER), details)
