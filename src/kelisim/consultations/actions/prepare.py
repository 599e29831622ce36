"""Prepare a consultation: open its file, change what it says, add clauses and their versions."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from kelisim.accounts.models import Organisation, User
from kelisim.auditlog.actions import declare, record
from kelisim.consultations.models import (
    Clause,
    ClauseText,
    Consultation,
    Draft,
    DraftKind,
    GroupName,
    Standing,
)

PREPARED = declare(
    "consultations.prepare", _("%(actor)s prepared the consultation “%(slug)s”."), facts=("slug",)
)
CHANGED = declare(
    "consultations.change", _("%(actor)s changed the consultation “%(slug)s”."), facts=("slug",)
)
CLAUSE_WRITTEN = declare(
    "consultations.write_clause",
    _("%(actor)s wrote version %(version)s of clause %(number)s."),
    facts=("number", "version"),
)
GROUP_NAMED = declare(
    "consultations.name_group", _("%(actor)s named opinion group %(letter)s."), facts=("letter",)
)


def prepare(consultation: Consultation, *, organisation: Organisation, by: User) -> Consultation:
    """Save a new consultation of an organisation, with the row of its results."""
    with transaction.atomic():
        consultation.organisation = organisation
        consultation.reading_key = secrets.token_urlsafe(24)
        consultation.save(force_insert=True)
        Standing.objects.create(consultation=consultation)
        facts = {"slug": consultation.slug}
        record(PREPARED, consultation, by=by, organisation=organisation, facts=facts)
    return consultation


def change(consultation: Consultation, fields: Mapping[str, object], *, by: User) -> None:
    """Save what was changed in a consultation, and nothing else of its row."""
    with transaction.atomic():
        for name, value in fields.items():
            setattr(consultation, name, value)
        consultation.save(update_fields=list(fields))
        facts = {"slug": consultation.slug}
        house = consultation.organisation
        record(CHANGED, consultation, by=by, organisation=house, facts=facts)


def add_draft(
    consultation: Consultation, kind: DraftKind, titles: Mapping[str, str], *, by: User
) -> Draft:
    """Return a new draft of a consultation; titles by language."""
    with transaction.atomic():
        made = Draft.objects.create(
            consultation=consultation,
            kind=kind,
            **{f"title_{language}": title for language, title in titles.items()},
        )
        facts = {"slug": consultation.slug}
        house = consultation.organisation
        record(CHANGED, made, by=by, organisation=house, facts=facts)
    return made


def write_clause(draft: Draft, number: str, texts: Mapping[str, str], *, by: User) -> ClauseText:
    """Return a new version of a clause, which is added to the draft with its first."""
    with transaction.atomic():
        house = Consultation.objects.select_for_update().get(pk=draft.consultation_id)
        last = draft.clauses.aggregate(n=Max("place"))["n"] or 0
        clause, _new = Clause.objects.get_or_create(
            draft=draft, number=number, defaults={"place": last + 1}
        )
        version = (clause.texts.aggregate(n=Max("version"))["n"] or 0) + 1
        written = ClauseText.objects.create(
            clause=clause,
            version=version,
            **{f"text_{language}": text for language, text in texts.items()},
        )
        Consultation.objects.filter(pk=house.pk).update(shelf=F("shelf") + 1)
        facts = {"number": number, "version": version}
        record(CLAUSE_WRITTEN, clause, by=by, organisation=house.organisation, facts=facts)
    return written


def name_group(
    consultation: Consultation,
    letter: str,
    told_by: list[list[int]],
    names: Mapping[str, str],
    *,
    by: User,
) -> GroupName:
    """Give a name to an opinion group, tied to the statements that tell it apart."""
    with transaction.atomic():
        named = GroupName.objects.create(
            consultation=consultation,
            told_by=told_by,
            named_by=by,
            **{f"name_{language}": name for language, name in names.items()},
        )
        house = consultation.organisation
        record(GROUP_NAMED, named, by=by, organisation=house, facts={"letter": letter})
    return named
