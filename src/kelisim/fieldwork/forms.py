"""Forms of fieldwork."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.fieldwork.models import Checked
from kelisim.fieldwork.outcomes import Outcome


class SampleForm(forms.Form):
    """A drawn sample."""

    file = forms.FileField(
        label=_("The file sample.csv"),
        help_text=_("As “kelisim poll sample” wrote it, with the columns kept of the frame."),
    )


class PersonChoice(forms.Form):
    """One of the interviewers, or nobody."""

    interviewer = forms.ModelChoiceField(
        User.objects.none(), label=_("Interviewer"), required=False, empty_label=_("nobody yet")
    )

    def __init__(self, *args: object, people: list[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what a form takes is the library's
        own = User.objects.filter(pk__in=[person.pk for person in people])
        self.fields["interviewer"].queryset = own  # type: ignore[attr-defined]  # a model's choice has one


class DeviceForm(PersonChoice):
    """A device and whose it is."""

    name = forms.CharField(label=_("Name of the device"), max_length=120)
    field_order = ("name", "interviewer")


class QuotaForm(forms.Form):
    """A quota."""

    name = forms.CharField(label=_("Who is wanted"), max_length=120)
    target = forms.IntegerField(label=_("How many interviews"), min_value=0)
    condition = forms.CharField(
        label=_("Which answers count"),
        help_text=_("As in an XLSForm, for example ${sex} = 'female' and ${age} < 30. Empty: all."),
        required=False,
        max_length=500,
    )
    hard = forms.BooleanField(label=_("Never more than that"), required=False, initial=True)


class ContactForm(forms.Form):
    """How a contact ended."""

    outcome = forms.ChoiceField(choices=Outcome.choices)
    back_at = forms.DateTimeField(
        label=_("When to come back"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class RejectForm(forms.Form):
    """Why an interview is not to count."""

    why = forms.CharField(label=_("Why it is not to count"), max_length=300)


class BackCheckDraw(forms.Form):
    """How many interviews are checked."""

    share = forms.IntegerField(
        label=_("Percent of every interviewer's interviews"), min_value=1, max_value=100, initial=10
    )
    seed = forms.IntegerField(
        label=_("Seed of the draw"),
        min_value=0,
        help_text=_("Any number that was announced before; it makes the draw repeatable."),
    )


class BackCheckForm(forms.Form):
    """What a back-check found."""

    found = forms.ChoiceField(label=_("What was found"), choices=Checked.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
