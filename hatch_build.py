"""Compile the catalogues of translations when the package is built or installed for work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Turns every .po under src into the .mo beside it; the .mo files are never committed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (the signature is hatchling's)
        """Compile before the files of the package are gathered."""
        compile_catalogues(Path(self.root) / "src")


def compile_catalogues(folder: Path) -> None:
    """Compile the catalogues below a folder."""
    for source in folder.rglob("*.po"):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as binary:
            write_mo(binary, read_po(text, locale=source.parts[-3]))
