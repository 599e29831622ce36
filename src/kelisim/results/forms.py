"""Forms about studies."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kelisim.results.files import MOST_BYTES
from kelisim.results.models import Run
from kelisim.study.settings import DECLARATION

MOST_FILES = 20


class StudyForm(forms.Form):
    """A study folder, packed: study.toml and the files that it names."""

    slug = forms.SlugField(
        label=_("Short name for the address"),
        max_length=80,
        help_text=_("Latin letters, digits and hyphens, such as trust-2026."),
    )
    folder = forms.FileField(
        label=_("The study folder as a .zip file"),
        help_text=_("study.toml and the files that it names, as 'kelisim poll check' accepts it."),
    )

    def clean_folder(self) -> tuple[str, dict[str, bytes]]:
        """Return the declaration, and the files by their names."""
        packed: UploadedFile[bytes] = self.cleaned_data["folder"]
        try:
            return unpacked(packed.read())
        except zipfile.BadZipFile:
            raise ValidationError(
                _("This is not a .zip file. Pack the study folder, then choose the packed file.")
            ) from None

    def clean_slug(self) -> str:
        """Return the short name in lower case."""
        return slugify(str(self.cleaned_data["slug"]))


def unpacked(packed: bytes) -> tuple[str, dict[str, bytes]]:
    """Return the declaration and the files of a packed study folder.

    Raises
    ------
    ValidationError
        There is no study.toml, it is not UTF-8, or the content is too much for the site.
    """
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        entries = [one for one in folder.infolist() if not one.is_dir()]
        if len(entries) > MOST_FILES or sum(one.file_size for one in entries) > MOST_BYTES:
            raise ValidationError(
                _("The packed folder holds more than the site takes: 20 files, half a gigabyte.")
            )
        # A folder packed from outside has its own name before every file.
        named = {one.filename.rpartition("/")[2]: one for one in entries}
        if DECLARATION not in named:
            raise ValidationError(_("There is no study.toml in the packed folder."))
        try:
            declaration = folder.read(named.pop(DECLARATION)).decode("utf-8")
        except UnicodeDecodeError:
            raise ValidationError(_("study.toml is not in UTF-8. Save it as UTF-8.")) from None
        return declaration, {name: folder.read(one) for name, one in named.items()}


class DeclarationForm(forms.Form):
    """What a study declares."""

    declaration = forms.CharField(
        label="study.toml",
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
        strip=False,
    )


class RunForm(forms.Form):
    """What a run is begun with."""

    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**32 - 1,
        initial=0,
        help_text=_("The same study with the same seed gives the same bytes."),
    )


class BeforeForm(forms.Form):
    """An earlier run to compare with."""

    before = forms.ModelChoiceField(
        label=_("Compare with an earlier run"), queryset=Run.objects.none()
    )

    def __init__(self, *args: Any, runs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["before"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = runs
