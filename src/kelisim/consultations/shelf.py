"""The shelf: the accepted statements of a consultation with their words, kept until they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch

from kelisim.consultations.models import Clause, ClauseText, Consultation, State, Statement
from kelisim.consultations.models.words import Said, said

MOST = 64
"""Consultations whose shelves a process keeps."""

USEFUL = 40
"""Statements after which one more vote hardly moves a person's place on the map."""


@dataclass(frozen=True, slots=True)
class Item:
    """A statement on the shelf: its number, its wordings by language, and its clause."""

    pk: int
    number: int
    origin: str
    texts: Mapping[str, str]
    clause: str
    clause_texts: Mapping[str, str]

    def words(self, language: str) -> Said:
        """Return the statement in a language, or in that of its author."""
        return said(self.texts, language if language in self.texts else self.origin)

    def clause_words(self, language: str) -> Said:
        """Return the clause it is about, which may be nothing."""
        return said(self.clause_texts, language)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The accepted statements of a consultation by number, in the order they were added."""

    items: Mapping[int, Item]
    by_pk: Mapping[int, Item]

    @property
    def useful(self) -> int:
        """How many statements are worth a vote of everybody."""
        return min(len(self.items), USEFUL)


_kept: dict[int, tuple[int, Shelf]] = {}


def shelf(consultation: Consultation) -> Shelf:
    """Return the accepted statements; read again only when the row says that they changed."""
    number, found = _kept.get(consultation.pk, (-1, None))
    if found is None or number != consultation.shelf:
        found = _read(consultation)
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[consultation.pk] = (consultation.shelf, found)
    return found


def _read(consultation: Consultation) -> Shelf:
    newest = Prefetch("clause__texts", ClauseText.objects.order_by("-version"))
    rows = (
        Statement.objects.filter(consultation=consultation, state=State.ACCEPTED)
        .select_related("clause")
        .prefetch_related("wordings", newest)
        .order_by("number")
    )
    items = [
        Item(
            row.pk,
            row.number,
            row.origin,
            {one.language: one.text for one in row.wordings.all()},
            row.clause.number if row.clause else "",
            _clause_texts(row.clause),
        )
        for row in rows
    ]
    return Shelf({one.number: one for one in items}, {one.pk: one for one in items})


def _clause_texts(clause: Clause | None) -> dict[str, str]:
    if clause is None:
        return {}
    newest = clause.texts.all()[0]
    return {"kk": newest.text_kk, "ru": newest.text_ru, "en": newest.text_en}
