"""Forms of mediation: each question once, in words a person uses."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation
from kelisim.accounts.roles import GRANTS, Permission
from kelisim.core.regions import REGIONS
from kelisim.mediation.clauses import SECTIONS
from kelisim.mediation.papers import AGREEMENT, SETTLEMENT
from kelisim.mediation.safety import FREQUENCIES, ITEMS
from kelisim.mediation.scope import RULES
from kelisim.mediation.words import Channel, Part, Purpose, Room, Side, Topic

SHORTEST = 12
LONG = {"rows": 6}


def secret(label: object, **more: Any) -> forms.CharField:
    """Return a field for a passphrase."""
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # translated when shown
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        **more,
    )


def centres() -> Any:
    """Return the organisations in which somebody mediates."""
    roles = [role for role, granted in GRANTS.items() if Permission.MEDIATE in granted]
    return Organisation.objects.filter(memberships__role__in=roles).distinct()


def region_choices() -> list[tuple[str, str]]:
    """Return the regions by their titles in the language of the page."""
    language = (get_language() or "kk").partition("-")[0]
    return [(region.iso, region.title[language]) for region in REGIONS]


class NewKeyForm(forms.Form):
    """Choose a passphrase."""

    passphrase = secret(
        _("Passphrase"),
        min_length=SHORTEST,
        help_text=_("At least 12 characters; a few words that only you would put together."),
    )
    again = secret(_("The passphrase once more"))

    def clean(self) -> dict[str, Any]:
        """Hold that both are the same."""
        given = super().clean() or {}
        if given.get("passphrase") and given["passphrase"] != given.get("again"):
            self.add_error("again", _("This is not the same passphrase."))
        return given


class UnlockForm(forms.Form):
    """Unlock one's key."""

    passphrase = secret(_("Passphrase"))


class RecoverForm(NewKeyForm):
    """Set a new passphrase with the recovery key."""

    recovery = forms.CharField(label=_("Recovery key"), max_length=80)
    field_order = ("recovery", "passphrase", "again")


class BeginForm(forms.Form):
    """Is this for mediation, and where."""

    centre = forms.ModelChoiceField(label=_("Centre"), queryset=Organisation.objects.none())
    region = forms.ChoiceField(label=_("Region"))
    topic = forms.ChoiceField(
        label=pgettext_lazy("dispute", "What it is about"), choices=Topic.choices
    )
    language = forms.ChoiceField(label=_("Language of the mediation"), choices=settings.LANGUAGES)
    read = forms.BooleanField(label=_("I have read what stays secret and what by law cannot."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centre = self.fields["centre"]
        centre.queryset = centres()  # type: ignore[attr-defined]  # a field of models
        self.fields["region"].choices = region_choices()  # type: ignore[attr-defined]  # a field of choices
        for rule in RULES:
            self.fields[rule.key] = forms.BooleanField(
                label=str(rule.question),
                required=False,
                help_text=f"{rule.article} · {_('rule not confirmed by a lawyer')}",
            )

    def yes(self) -> set[str]:
        """Return the questions answered with yes."""
        return {rule.key for rule in RULES if self.cleaned_data.get(rule.key)}


class ScreeningForm(forms.Form):
    """The safety questions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ITEMS:
            self.fields[item.key] = forms.ChoiceField(
                label=str(item.question), choices=FREQUENCIES, widget=forms.RadioSelect
            )


class ApplicationForm(forms.Form):
    """What it is about, and how to reach the other side."""

    subject = forms.CharField(
        label=_("What is the dispute about?"),
        max_length=10_000,
        widget=forms.Textarea(attrs=LONG),
    )
    other = forms.CharField(label=_("Who is the other side?"), max_length=200)
    contact = forms.CharField(label=_("Their telephone, e-mail or address"), max_length=300)
    channel = forms.ChoiceField(label=_("How should we ask them?"), choices=Channel.choices)
    greeting = forms.CharField(
        label=_("How shall we name you to them?"),
        max_length=100,
        help_text=_("They see this name and the topic, nothing else."),
    )


class InviteForm(forms.Form):
    """Ask the other side by one of the ways."""

    channel = forms.ChoiceField(label=_("Way"), choices=Channel.choices)
    greeting = forms.CharField(label=_("Who asks, as they want to be named"), max_length=100)


class ProposeForm(forms.Form):
    """One mediator or two."""

    mediators = forms.MultipleChoiceField(
        label=_("Mediator, or a team of two"), widget=forms.CheckboxSelectMultiple
    )


class SeatForm(forms.Form):
    """Somebody who comes later."""

    part = forms.ChoiceField(label=_("As what"))
    email = forms.EmailField(label=_("Their e-mail address here"), max_length=254)

    def __init__(self, *args: Any, parts: list[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            Part.PARTY: _("Another representative of our side"),
            Part.HELPER: _("Somebody who helps me, at the desk or at home"),
            Part.INTERPRETER: _("Interpreter"),
        }
        self.fields["part"].choices = [(one.value, names[one]) for one in parts]  # type: ignore[attr-defined]  # a field of choices


class DeclareForm(forms.Form):
    """Conflicts of interest."""

    clear = forms.ChoiceField(
        label=_("Is there anything that ties you to a side, or to what it is about?"),
        choices=(("yes", _("Nothing ties me")), ("no", _("There is something"))),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("What it is, for both sides to know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AgreementForm(forms.Form):
    """The contents of a mediation agreement."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in AGREEMENT:
            self.fields[key] = forms.CharField(
                label=str(label),
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )


class MessageForm(forms.Form):
    """One message. Its number comes with the form, so that sending twice writes once."""

    text = forms.CharField(
        label=_("Your message"), widget=forms.Textarea(attrs={"rows": 4}), strip=True
    )
    client = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class FileForm(forms.Form):
    """One document."""

    file = forms.FileField(label=_("Document"))


class IssueForm(forms.Form):
    """One issue of the map."""

    issue = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    name = forms.CharField(label=_("What has to be decided"), max_length=120)
    options = forms.CharField(
        label=_("Ways to decide it, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Leave it empty for what can be divided in parts."),
    )
    interest_a = forms.CharField(
        label=_("What the first side needs"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    interest_b = forms.CharField(
        label=_("What the second side needs"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_options(self) -> list[str]:
        """Return the ways to decide, without empty lines and repeats."""
        given = self.cleaned_data["options"].splitlines()
        options = list(dict.fromkeys(line.strip() for line in given if line.strip()))
        if len(options) == 1:
            raise ValidationError(_("Write at least two ways, or none."))
        return options


class ClauseForm(forms.Form):
    """One clause in three languages."""

    clause = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    section = forms.ChoiceField(label=_("Part of the text"))
    kk = forms.CharField(
        label="Қазақша", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    ru = forms.CharField(
        label="Русский", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    en = forms.CharField(
        label="English", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due = forms.DateField(
        label=_("To be done by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    side = forms.ChoiceField(
        label=_("By which side"), required=False, choices=[("", "—"), *Side.choices]
    )
    gone = forms.BooleanField(label=_("Take this clause out"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(SETTLEMENT) | {"other": _("Other")}
        self.fields["section"].choices = [(key, labels[key]) for key in SECTIONS]  # type: ignore[attr-defined]  # a field of choices


class SignForm(forms.Form):
    """Sign with the passphrase, or with what was signed elsewhere."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    passphrase = secret(_("Your passphrase"), required=False)
    file = forms.FileField(label=_("The PDF with your digital signature"), required=False)
    cms = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200_000)
    paper = forms.BooleanField(
        label=_("I signed the printed text by hand; its short code is the one above."),
        required=False,
    )


class RoundForm(forms.Form):
    """What a round is for, and who sees what comes out."""

    purpose = forms.ChoiceField(label=_("What for"), choices=Purpose.choices)
    question = forms.CharField(
        label=_("For bids: which sum is it about?"), required=False, max_length=300
    )
    for_all = forms.ChoiceField(
        label=_("Who sees what comes out"),
        choices=(("no", _("The mediator alone")), ("yes", _("Both sides and the mediator"))),
        widget=forms.RadioSelect,
        initial="no",
    )


class PointsForm(forms.Form):
    """Points for what each way of deciding is worth to oneself."""

    agree = forms.BooleanField(
        label=_("I agree that a program compares my numbers with theirs; nobody sees them.")
    )
    disagreement = forms.FloatField(
        label=_("What I would have without an agreement, in points"), initial=0, min_value=0
    )

    def __init__(self, *args: Any, issues: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issues = issues
        for i, issue in enumerate(issues):
            for j, option in enumerate(issue.get("options") or [""]):
                name = f"{issue['name']}: {option}" if option else issue["name"]
                self.fields[f"p{i}_{j}"] = forms.FloatField(
                    label=name, min_value=0, max_value=1000, initial=0
                )
        self.order_fields([*(k for k in self.fields if k.startswith("p")), "disagreement", "agree"])

    def points(self) -> dict[str, Any]:
        """Return the points by issue, and by option where an issue has options."""
        told: dict[str, Any] = {}
        for i, issue in enumerate(self.issues):
            options = issue.get("options")
            if options:
                told[issue["name"]] = {
                    option: self.cleaned_data[f"p{i}_{j}"] for j, option in enumerate(options)
                }
            else:
                told[issue["name"]] = self.cleaned_data[f"p{i}_0"]
        return told


class BidForm(forms.Form):
    """The last sum one would accept, shown to nobody."""

    limit = forms.FloatField(
        label=_("My limit: the least I would take, or the most I would give"), min_value=0
    )
    agree = forms.BooleanField(
        label=_("I agree that a program compares my numbers with theirs; nobody sees them.")
    )


class MeetingForm(forms.Form):
    """When to meet."""

    room = forms.ChoiceField(label=_("Room"))
    starts = forms.DateTimeField(
        label=_("Day and time"),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=480, initial=60)

    def __init__(self, *args: Any, rooms: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].choices = rooms  # type: ignore[attr-defined]  # a field of choices


class NewDayForm(forms.Form):
    """A new day for a promise that was not kept."""

    due = forms.DateField(
        label=_("New day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def room_of(name: str) -> tuple[Room, str]:
    """Return the room and the side that an address names, such as ``caucus-a``.

    Raises
    ------
    ValueError
        There is no such room.
    """
    head, _dash, side = name.partition("-")
    if side and side not in Side.values:
        raise ValueError(name)
    return Room(head), side
