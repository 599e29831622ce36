"""Forms: what a participant tells about themselves, and the population the crowd is laid beside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kelisim.consultations.models import About, AgeGroup, Settlement, Sex
from kelisim.consultations.models.words import reading
from kelisim.consultations.population import VARIABLES, Cells, read_cells
from kelisim.core.errors import Refusal
from kelisim.core.kazakh import sort_key
from kelisim.core.regions import KAZAKHSTAN

SILENT = ("", _("I would rather not say"))


class AboutForm(forms.Form):
    """Four questions, each of which can be left out, and consent."""

    region = forms.ChoiceField(label=_("Region where you live"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[SILENT, *Sex.choices], required=False)
    age = forms.ChoiceField(label=_("Age"), choices=[SILENT, *AgeGroup.choices], required=False)
    settlement = forms.ChoiceField(
        label=_("Where you live"), choices=[SILENT, *Settlement.choices], required=False
    )
    consent = forms.BooleanField(
        label=_("I agree that these answers are counted together with those of others."),
        error_messages={"required": _("Without your consent nothing is kept. Tick the box.")},
    )

    def __init__(self, *args: Any, known: About | None = None, **options: Any) -> None:
        told = {name: getattr(known, name) for name in VARIABLES} if known else {}
        super().__init__(*args, **options)
        self.initial = {**self.initial, **told}
        language = reading()
        regions = [(region.iso, region.title[language]) for region in KAZAKHSTAN.regions]
        regions.sort(key=lambda one: sort_key(one[1], language))
        self.fields["region"].choices = [SILENT, *regions]  # type: ignore[attr-defined]  # a choice

    @property
    def said(self) -> dict[str, str]:
        """What was told, by variable."""
        return {name: self.cleaned_data[name] for name in VARIABLES}


class PopulationForm(forms.Form):
    """A file of the population's cells, and who published them."""

    file = forms.FileField(
        label=_("Table of the population"),
        help_text=_(
            "A line a cell. Columns <code>region, sex, age, settlement</code>, as many as are "
            "known, and <code>n</code>, the number of people. What stands in them: "
            "<code>female, male</code>; <code>18-29, 30-44, 45-59, 60+</code>; "
            "<code>urban, rural</code>."
        ),
    )
    source = forms.CharField(label=_("Who published it, and when"), max_length=300)

    cells: Cells

    def clean_file(self) -> Any:
        """Read the cells, or say in its words why they cannot be read."""
        file = self.cleaned_data["file"]
        try:
            self.cells = read_cells(file.read())
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file
