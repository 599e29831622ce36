"""What leaves the house: data from which the results come again, and reports in three languages."""

from __future__ import annotations

from io import BytesIO

import polars as pl
import pytest
from django.urls import reverse

from kelisim.accounts.roles import Role
from kelisim.consultations import analysis, export
from kelisim.consultations.actions.moderate import reject
from kelisim.consultations.models import Consultation, Participant, Reason, Standing
from kelisim.engine.opinion import opinion_map, read_votes
from tests.consultations.making import camps
from tests.consultations.test_results import worked
from tests.web import Cast, signed_in

pytestmark = pytest.mark.django_db


def test_both_files_of_votes_hold_the_same_votes(traffic: Consultation) -> None:
    camps(traffic, 30)
    worked()
    long = read_votes(pl.read_csv(export.votes_csv(traffic)))
    wide = read_votes(pl.read_csv(export.polis_csv(traffic), infer_schema_length=None))
    here = analysis.snapshot(traffic)
    for other in (long, wide):
        assert other.participants.to_list() == here.participants.to_list()
        assert other.statements.to_list() == here.statements.to_list()
        assert other.indices.tolist() == here.indices.tolist()
        assert other.signs.tolist() == here.signs.tolist()
    parquet = pl.read_parquet(BytesIO(export.votes_parquet(traffic)))
    assert parquet.equals(export.votes(traffic))


def test_a_stranger_finds_the_published_findings_in_the_open_data(traffic: Consultation) -> None:
    camps(traffic, 30)
    worked()
    table = pl.read_csv(export.votes_csv(traffic))
    found = opinion_map(table).statements.sort("common_ground_rank")
    published = Standing.objects.get().findings["ground"]
    assert [row["statement"] for row in published] == [int(n) for n in found["statement"]]
    assert [row["common_ground_low"] for row in published] == found["common_ground_low"].to_list()


def test_nothing_in_the_data_says_who_or_at_which_minute(traffic: Consultation) -> None:
    camps(traffic, 8)
    text = export.votes_csv(traffic).decode()
    for voice in Participant.objects.all():
        assert voice.token not in text
    assert set(export.votes(traffic)["day"].str.len_chars()) == {10}


def test_what_was_rejected_is_counted_and_not_spread(traffic: Consultation, scene: Cast) -> None:
    reject(traffic.statements.get(number=2), Reason.INSULT, by=scene.of(Role.MODERATOR))
    rows = pl.read_csv(export.statements_csv(traffic)).filter(pl.col("statement") == 2)
    assert rows["moderated"].to_list() == [-1]
    assert rows["reason"].to_list() == ["insult"]
    assert rows["ru"].to_list() == [""]
    assert "Въезд" not in export.statements_csv(traffic).decode()


def test_the_report_holds_three_editions_with_what_was_found(traffic: Consultation) -> None:
    camps(traffic, 60)
    worked()
    page = signed_in(None).get(reverse("consultation-report", args=["traffic"]))
    text = page.content.decode()
    assert "Content-Security-Policy" not in page.headers
    for words in ("Біз неде келісеміз", "В чём мы согласны", "What we agree on"):
        assert words in text
    for words in ("Автобустар жиірек", "Автобусы должны", "Buses should run"):
        assert words in text
    printed = signed_in(None).get(reverse("consultation-print", args=["traffic"]))
    assert printed.content.startswith(b"%PDF")


def test_a_file_that_is_not_there_is_not_there(traffic: Consultation) -> None:
    address = reverse("consultation-data", args=["traffic", "people.csv"])
    assert signed_in(None).get(address).status_code == 404
