"""Forms of a centre: its register of mediators, what entitles them, and the library of practice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.mediation.forms import LONG, region_choices
from kelisim.mediation.words import MediatorKind, Topic


class MediatorForm(forms.Form):
    """An entry of the register."""

    email = forms.EmailField(label=_("E-mail address"))
    kind = forms.ChoiceField(label=_("Kind"), choices=MediatorKind.choices)
    regions = forms.MultipleChoiceField(label=_("Regions"), widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"), choices=Topic.choices, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.IntegerField(label=_("Cases at a time"), min_value=1, max_value=50, initial=5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regions"].choices = region_choices()  # type: ignore[attr-defined]  # a field of choices

    def clean_email(self) -> User:
        """Return the person of that address."""
        found = User.objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if found is None:
            raise ValidationError(
                _(
                    "Nobody with this address has an account yet. Ask them to open one, "
                    "then add them."
                )
            )
        return found


class CredentialForm(forms.Form):
    """What entitles a mediator."""

    title = forms.CharField(label=_("Document"), max_length=200)
    number = forms.CharField(label=_("Number"), max_length=60)
    issued = forms.DateField(label=_("Issued on"), widget=forms.DateInput(attrs={"type": "date"}))
    expires = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"})
    )
    evidence = forms.CharField(
        label=_("Where it can be checked"),
        max_length=64,
        help_text=_("A number in a public register, or the SHA-256 of a scan."),
    )


class NoteForm(forms.Form):
    """A practice note."""

    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    title = forms.CharField(label=_("Title"), max_length=160)
    text = forms.CharField(
        label=_("What helped, and when"), max_length=8000, widget=forms.Textarea(attrs=LONG)
    )
