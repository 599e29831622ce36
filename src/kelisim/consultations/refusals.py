"""Why a vote or a statement is not taken: a code for programs, a sentence for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """What somebody sent is not taken, and nothing was changed."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in the language of the page."""
        return str(SENTENCES[self.code])


SENTENCES: dict[str, Promise] = {
    "unreadable": _("What came was not a vote. Load the page again and vote once more."),
    "too-large": _("What came is too long for a vote. Load the page again."),
    "no-consultation": _("There is no such consultation."),
    "not-open": _("This consultation takes no votes now. Its results can be read."),
    "no-voice": _("To vote here, first enter your invitation code or sign in."),
    "no-statement": _(
        "There is no such statement in this consultation, or it was taken out. "
        "Load the page again to see the next one."
    ),
    "not-a-vote": _("A vote is “agree”, “disagree” or “pass”. Choose one of the three."),
    "too-fast": _(
        "That was more votes in a minute than anybody can think over. Your earlier votes are safe; "
        "go on in a minute."
    ),
    "busy": _("Very many people are voting at this moment. Try again in a few seconds."),
    "no-words": _("The statement is empty. Write one idea in your own words."),
    "too-long": _("The statement is longer than 280 characters. Keep one idea, and shorten it."),
    "not-text": _("The statement holds no words. Write one idea in your own words."),
    "no-more": _("You have added as many statements as one voice can. Thank you for them."),
    "no-statements": _("Statements are not taken in this consultation; votes are."),
    "same": _("Exactly this statement is there already. You can vote on it instead."),
    "appealed": _("This decision has been appealed already, or stands after an appeal."),
    "no-code": _("This code is not known here. Check it letter by letter on your sheet."),
    "sheet-taken": _("This sheet or call has been entered already."),
    "no-votes": _("Nothing was ticked. Tick at least one vote."),
}
