"""The form of an open offer: what is decided of each issue, in words besides, until a day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kelisim.mediation.issues import MappedIssue


class OfferForm(forms.Form):
    """An offer to the other side."""

    words = forms.CharField(
        label=_("What you offer, in your words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    until = forms.DateField(
        label=_("The offer holds until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    counter = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
    client = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, issues: Sequence[MappedIssue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issues = [issue for issue in issues if issue.options]
        for number, issue in enumerate(self.issues):
            ways = [("", _("not part of the offer")), *((way, way) for way in issue.options)]
            self.fields[f"i{number}"] = forms.ChoiceField(
                label=issue.name, choices=ways, required=False
            )
        names = [f"i{number}" for number in range(len(self.issues))]
        self.order_fields([*names, "words", "until", "counter", "client"])

    def choices(self) -> dict[str, str]:
        """Return what is decided of each issue that the offer is about."""
        given = {issue.name: self.cleaned_data[f"i{n}"] for n, issue in enumerate(self.issues)}
        return {name: way for name, way in given.items() if way}
