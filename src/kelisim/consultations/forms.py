"""Forms of consultations: what is asked, said, decided, entered from paper and answered."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.access import roles_with
from kelisim.accounts.models import Organisation
from kelisim.accounts.roles import Permission
from kelisim.consultations.models import (
    ClauseText,
    Consultation,
    Draft,
    DraftKind,
    Mode,
    Owed,
    Reason,
    Verdict,
)
from kelisim.consultations.models.voices import LONGEST
from kelisim.consultations.refusals import SENTENCES
from kelisim.core.kazakh import LANGUAGES

NAMES = {"kk": _("in Kazakh"), "ru": _("in Russian"), "en": _("in English")}
RESERVED = {"manage"}


def in_languages(
    label: object, rows: int = 1, most: int | None = None
) -> dict[str, forms.CharField]:
    """Return a field a language, none of them required alone."""
    widget = forms.TextInput() if rows == 1 else forms.Textarea(attrs={"rows": rows})
    return {
        code: forms.CharField(
            label=f"{label} ({NAMES[code]})", required=False, max_length=most, widget=widget
        )
        for code in LANGUAGES
    }


class MomentField(forms.DateTimeField):
    """A moment as a browser's own field writes it, in the time of Kazakhstan."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)


class ConsultationForm(forms.ModelForm[Consultation]):
    """What is asked, why, who may take part and when."""

    opens_at = MomentField(label=_("Opens"))
    closes_at = MomentField(label=_("Closes"))

    class Meta:
        """In the order in which one thinks about it."""

        model = Consultation
        fields: ClassVar = (
            "slug",
            "question_kk",
            "question_ru",
            "question_en",
            "why_kk",
            "why_ru",
            "why_en",
            "decides_kk",
            "decides_ru",
            "decides_en",
            "decided_on",
            "opens_at",
            "closes_at",
            "entry",
            "vote_first",
            "takes_statements",
            "frames",
            "published",
        )
        labels: ClassVar = {
            "slug": _("Short name in the address"),
            "question_kk": _("Question (in Kazakh)"),
            "question_ru": _("Question (in Russian)"),
            "question_en": _("Question (in English)"),
            "why_kk": _("Why it is asked (in Kazakh)"),
            "why_ru": _("Why it is asked (in Russian)"),
            "why_en": _("Why it is asked (in English)"),
            "decides_kk": _("What will be decided (in Kazakh)"),
            "decides_ru": _("What will be decided (in Russian)"),
            "decides_en": _("What will be decided (in English)"),
            "decided_on": _("Day of the decision"),
            "entry": _("Who may take part"),
            "vote_first": _("Results are shown only to those who have voted, until it closes"),
            "takes_statements": _("Participants may add statements"),
            "frames": _("Sites that may show this consultation within their own pages"),
            "published": _("Published: anybody can read it"),
        }
        help_texts: ClassVar = {
            "frames": _("One address a line, such as https://akimat.example.kz"),
        }
        widgets: ClassVar = {
            "decided_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **{
                f"{name}_{code}": forms.Textarea(attrs={"rows": 3})
                for name in ("why", "decides")
                for code in LANGUAGES
            },
            "frames": forms.Textarea(attrs={"rows": 2}),
        }

    def clean_slug(self) -> str:
        """Return a name that is no address of ours."""
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise ValidationError(_("This name is taken by the site itself. Choose another."))
        return slug

    def clean_frames(self) -> str:
        """Return addresses of sites: scheme and host, and nothing that could end the header."""
        lines = [line.strip().rstrip("/") for line in self.cleaned_data["frames"].splitlines()]
        wrong = [line for line in lines if line and not is_origin(line)]
        if wrong:
            raise ValidationError(
                _("“%(line)s” is not the address of a site. Write it as https://name.kz")
                % {"line": wrong[0]}
            )
        return "\n".join(line for line in lines if line)

    def clean(self) -> dict[str, Any]:
        """Check that something is asked and that it closes after it opens."""
        data = super().clean() or {}
        if not any(data.get(f"question_{code}") for code in LANGUAGES):
            self.add_error("question_kk", _("Write the question in at least one language."))
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It must close after it opens."))
        return data


def is_origin(line: str) -> bool:
    """Say whether a line is the address of a site: https, a host, perhaps a port.

    >>> is_origin("https://akimat.kz"), is_origin("https://a.kz; script-src *")
    (True, False)
    """
    scheme, _sep, host = line.partition("://")
    letters = set("abcdefghijklmnopqrstuvwxyz0123456789.-:")
    return scheme in ("https", "http") and bool(host) and set(host.lower()) <= letters


class StatementForm(forms.Form):
    """A participant's own statement."""

    text = forms.CharField(
        label=_("Your statement"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("One idea, up to 280 characters, so that others can agree or disagree."),
    )
    sure = forms.BooleanField(label=_("Mine says something else"), required=False)

    def clean_text(self) -> str:
        """Return the text, refused in the same words as everywhere when it is too long."""
        text: str = self.cleaned_data["text"]
        if len(text) > 2 * LONGEST:
            raise ValidationError(str(SENTENCES["too-long"]))
        return text


class TextsForm(forms.Form):
    """A text in up to three languages, at least one of them written."""

    def __init__(
        self, *args: Any, label: object, rows: int = 2, most: int | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields |= in_languages(label, rows, most)

    def clean(self) -> dict[str, Any]:
        """Check that one language is there."""
        data = super().clean() or {}
        if not any(data.get(code) for code in LANGUAGES):
            raise ValidationError(_("Write it in at least one language."))
        return data

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by language."""
        return {code: self.cleaned_data.get(code, "") for code in LANGUAGES}


class DraftForm(TextsForm):
    """A draft: what kind of document it is, and its title."""

    kind = forms.ChoiceField(label=_("Kind of document"), choices=DraftKind.choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label=_("Title"), rows=1, most=300, **options)


class ClauseForm(TextsForm):
    """A clause of a draft, or a new version of one."""

    draft = forms.ModelChoiceField(label=_("Document"), queryset=Draft.objects.none())
    number = forms.CharField(label=_("Number of the clause"), max_length=20)

    def __init__(self, *args: Any, consultation: Consultation, **options: Any) -> None:
        super().__init__(*args, label=_("Text"), rows=3, **options)
        field = self.fields["draft"]
        field.queryset = consultation.drafts.all()  # type: ignore[attr-defined]  # a choice of rows


class CodesForm(forms.Form):
    """How many invitation codes to make."""

    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=500, initial=20)


class CodeForm(forms.Form):
    """An invitation code."""

    code = forms.CharField(label=_("Invitation code"), max_length=40)


class RejectForm(forms.Form):
    """Why a statement is not accepted."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Reason.choices)


class AppealForm(forms.Form):
    """Why the author thinks otherwise."""

    words = forms.CharField(
        label=_("Why should it be looked at again?"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SheetForm(forms.Form):
    """Votes on paper or by phone: a line of choices a statement."""

    mode = forms.ChoiceField(
        label=_("How the votes came"),
        choices=[(m.value, m.label) for m in (Mode.PAPER, Mode.PHONE)],
    )
    sheet = forms.CharField(
        label=_("Number of the sheet or of the call, or its code"), max_length=40
    )

    VOTES = (("", _("not asked")), ("1", _("Agree")), ("-1", _("Disagree")), ("0", _("Pass")))

    def __init__(self, *args: Any, statements: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for number, text in statements:
            self.fields[f"s{number}"] = forms.ChoiceField(
                label=f"{number}. {text}", choices=self.VOTES, required=False
            )

    @property
    def votes(self) -> dict[int, int]:
        """The votes that were ticked, by the number of the statement."""
        return {
            int(name[1:]): int(value)
            for name, value in self.cleaned_data.items()
            if name[0] == "s" and name[1:].isdigit() and value
        }


class GroupForm(TextsForm):
    """A name for an opinion group."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label=_("Name of the group"), rows=1, most=80, **options)


class OweForm(forms.Form):
    """Which office answers, which statements, by which day."""

    office = forms.ModelChoiceField(
        label=_("Office that answers"), queryset=Organisation.objects.none()
    )
    due = forms.DateField(
        label=_("Answer due by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    statements = forms.TypedMultipleChoiceField(
        label=_("Statements"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, statements: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        answering = Organisation.objects.filter(
            memberships__role__in=roles_with(Permission.ANSWER_PUBLICLY)
        ).distinct()
        self.fields["office"].queryset = answering  # type: ignore[attr-defined]  # a choice of rows
        self.fields["statements"].choices = statements  # type: ignore[attr-defined]  # a choice

    def clean_due(self) -> Any:
        """Return a day that is not past."""
        due = self.cleaned_data["due"]
        if due < timezone.localdate():
            raise ValidationError(_("The day has passed. Choose one to come."))
        return due


class AnswerForm(TextsForm):
    """An official answer with its reasons, and the change it led to."""

    verdict = forms.ChoiceField(label=_("Answer"), choices=Verdict.choices)
    before = forms.ModelChoiceField(
        label=_("Clause before"), queryset=ClauseText.objects.none(), required=False
    )
    after = forms.ModelChoiceField(
        label=_("Clause after"), queryset=ClauseText.objects.none(), required=False
    )

    def __init__(self, *args: Any, owed: Owed, **options: Any) -> None:
        super().__init__(*args, label=_("Because"), rows=4, **options)
        texts = ClauseText.objects.filter(clause__draft__consultation=owed.consultation)
        ordered = texts.select_related("clause").order_by("clause__place", "version")
        for name in ("before", "after"):
            field = self.fields[name]
            field.queryset = ordered  # type: ignore[attr-defined]  # a choice of rows
            field.label_from_instance = clause_label  # type: ignore[attr-defined]  # a choice

    def clean(self) -> dict[str, Any]:
        """Check that a change has two sides, of one clause, in order."""
        data = super().clean()
        before, after = data.get("before"), data.get("after")
        if bool(before) != bool(after):
            self.add_error(
                "after", _("A change has two sides: choose the clause before and after.")
            )
        if (
            before
            and after
            and (before.clause_id != after.clause_id or before.version >= after.version)
        ):
            self.add_error("after", _("Choose a later version of the same clause."))
        return data


def clause_label(text: ClauseText) -> str:
    """Return how a version of a clause is called in a choice."""
    return gettext("Clause %(number)s, version %(version)s") % {
        "number": text.clause.number,
        "version": text.version,
    }
