"""Which encoding a file that is not UTF-8 seems to be in, so that a person can convert it."""

from __future__ import annotations

import codecs
from itertools import pairwise

from kelisim.core.errors import FileRefused

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"PAR1", "a Parquet file"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (b"%PDF", "a PDF document"),
)
_CYRILLIC = ("cp1251", "kz1048", "koi8_r", "cp866")
_COMMON = frozenset("оеаинтсрвлкмдпуяызәғқңөұүһі")
"""Letters that make up most of a Russian or Kazakh text; under a wrong encoding they are rare."""
_NAMES = {
    "cp1251": "Windows-1251 (cp1251)",
    "kz1048": "Kazakh Windows-1251 (KZ-1048)",
    "koi8_r": "KOI8-R",
    "cp866": "DOS Cyrillic (cp866)",
    "cp1252": "Windows-1252 (cp1252)",
}


def seeming_encoding(sample: bytes) -> str:
    """Return the name Python gives to the encoding that bytes seem to be in.

    >>> seeming_encoding("Алматы қаласы".encode("kz1048"))
    'kz1048'
    >>> seeming_encoding("Köln, Zürich".encode("cp1252"))
    'cp1252'
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if sample.count(0) > len(sample) // 4:
        return "UTF-16"
    return _one_byte(sample)


def _one_byte(sample: bytes) -> str:
    """Tell Cyrillic from Latin by runs of high bytes, then one Cyrillic from another by letters."""
    high = [byte >= 0x80 for byte in sample]
    paired = sum(a and b for a, b in pairwise(high))
    if paired * 2 < sum(high):
        return "cp1252"

    def common(encoding: str) -> int:
        return sum(letter in _COMMON for letter in sample.decode(encoding, errors="replace"))

    return max(_CYRILLIC, key=common)


def not_utf8(where: str, sample: bytes) -> FileRefused:
    """Return the refusal of a text file that is not UTF-8, naming what it seems to be."""
    name = seeming_encoding(sample)
    return FileRefused(
        f"The file is not UTF-8; it seems to be in the encoding {_NAMES.get(name, name)}.",
        where=where,
        why="Read in a wrong encoding, letters would turn into others.",
        do=(
            "In Excel choose File, Save As, 'CSV UTF-8'; "
            f"or run: iconv -f {name.upper()} -t UTF-8 OLD.csv > NEW.csv"
        ),
    )


def refuse_other_formats(where: str, beginning: bytes) -> None:
    """Refuse a file whose first bytes show that it is no text, whatever its name says.

    Raises
    ------
    FileRefused
        It is a workbook, an archive, a binary file or UTF-16 text.
    """
    for signature, what in _SIGNATURES:
        if beginning.startswith(signature):
            raise FileRefused(
                f"The file is named .csv but is {what}.",
                where=where,
                do="Save the table as 'CSV UTF-8', or give the file its right name.",
            )
    if b"\0" in beginning:
        raise not_utf8(where, beginning)
