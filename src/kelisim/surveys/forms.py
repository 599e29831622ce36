"""Forms of the researcher: a new survey, a questionnaire, links."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation
from kelisim.surveys.actions.invite import MOST
from kelisim.surveys.models import Survey
from kelisim.surveys.xlsform import LARGEST


class SurveyForm(forms.Form):
    """The address of a survey and its title in three languages."""

    title_kk = forms.CharField(label=_("Title in Kazakh"), max_length=300)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=300)
    title_en = forms.CharField(label=_("Title in English"), max_length=300)
    slug = forms.SlugField(
        label=_("Address"),
        max_length=80,
        help_text=_("Latin letters, digits and hyphens; it becomes a part of the page's address."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_slug(self) -> str:
        """Return an address that no other survey of the organisation has."""
        slug: str = self.cleaned_data["slug"]
        if Survey.objects.filter(organisation=self.organisation, slug=slug).exists():
            raise ValidationError(_("Another survey has this address. Choose a different one."))
        return slug

    def titles(self) -> dict[str, str]:
        """Return the titles by language."""
        return {language: self.cleaned_data[f"title_{language}"] for language in ("kk", "ru", "en")}


class ImportForm(forms.Form):
    """A questionnaire, and the files that it shows or looks answers up in."""

    questionnaire = forms.FileField(
        label=_("Questionnaire"), help_text=_("An XLSForm (.xlsx, .xls, .csv) or an XForm (.xml).")
    )
    beside = forms.FileField(
        label=_("A file beside it"),
        required=False,
        help_text=_("A table or a picture that the questionnaire names."),
    )

    def clean_questionnaire(self) -> Any:
        """Return the file, unless it is larger than any questionnaire."""
        given = self.cleaned_data["questionnaire"]
        if given.size > LARGEST:
            raise ValidationError(_("The file is larger than 10 MB."))
        return given


class LinksForm(forms.Form):
    """How many one-time links, and for whom."""

    count = forms.IntegerField(label=_("How many links"), min_value=1, max_value=MOST, initial=20)
    batch = forms.CharField(
        label=_("For whom"),
        max_length=80,
        required=False,
        help_text=_("A word for the list, such as a place. Never a person's name."),
    )
