"""Forms about people."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import User
from kelisim.accounts.roles import Role


class GrantRoleForm(forms.Form):
    """An address and a role. The person must have an account already."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def clean_email(self) -> User:
        """Return the person of that address."""
        person = User.objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if person is None:
            raise ValidationError(
                _(
                    "Nobody with this address has an account yet. Ask them to open one, "
                    "then add them."
                )
            )
        return person
