"""The kinds of refusal in the words of the page: what is wrong, before the exact words follow."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

HEADLINES = {
    "refused": _("The input was not accepted."),
    "file": _("A file is missing, empty or cannot be read."),
    "setting": _("A setting is not known, or has a value that it cannot have."),
    "column": _("A column is missing, or named twice."),
    "value": _("A cell holds something that its column cannot hold."),
    "weight": _("A weight is missing, zero, negative or not a number."),
    "identifier": _("An identifier occurs twice."),
    "lonely-psu": _("A stratum holds a single sampling unit, so its variance cannot be estimated."),
    "design": _("The sampling design contradicts itself."),
    "margin": _("A margin and the sample do not have the same categories."),
    "not-converged": _("There are no weights that meet every margin."),
    "indicator": _("An indicator is defined twice, or its column cannot give it."),
    "markup": _("The XML is cut short, too large or of a kind that is not let in."),
    "step": _("This step does not follow from where the case stands."),
    "questionnaire": _("The questionnaire cannot be read."),
    "output": _("The place of the output is taken or cannot be written."),
    "covariance": _("The covariance of the estimates cannot be used."),
    "waves": _("The two waves cannot be compared."),
    "votes": _("The votes cannot be read."),
    "case": _("The case contradicts itself."),
    "not-solved": _("No settlement was found in the time given."),
    "roster": _("The list of cases or mediators is incomplete or contradicts itself."),
    "rule": _("No rule of law in the table covers this day or event."),
    "peer-missing": _("A program to be compared with is not installed."),
}
"""Code of a refusal to its sentence; a test holds it to `kelisim.core.errors`."""
