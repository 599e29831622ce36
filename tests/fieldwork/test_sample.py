"""A drawn sample comes into the field whole, and what happens to its units adds up."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from django.utils import translation

from kelisim.accounts.roles import Role
from kelisim.auditlog.models import Entry
from kelisim.bells.models import Bell
from kelisim.cli.main import kelisim
from kelisim.core.clock import KAZAKHSTAN_TIME, FixedClock
from kelisim.core.errors import ColumnRefused, FileRefused, IdRefused, Refusal, ValueRefused
from kelisim.core.regions import KAZAKHSTAN
from kelisim.fieldwork.actions.assign_psu import assign_psu
from kelisim.fieldwork.actions.check_back import check_back, draw_back_checks
from kelisim.fieldwork.actions.import_sample import import_sample
from kelisim.fieldwork.actions.record_contact import record_contact
from kelisim.fieldwork.actions.settle_quarantined import settle_quarantined
from kelisim.fieldwork.actions.take_number import take_number
from kelisim.fieldwork.analysis import Board, Progress, Share, board, rates, responses
from kelisim.fieldwork.models import BackCheck, Checked, Contact, Plan, Psu, Quarantined, Unit
from kelisim.fieldwork.outcomes import DISPOSITIONS, FINAL, Outcome
from kelisim.fieldwork.pictures import pictures
from kelisim.fieldwork.queries import day
from kelisim.surveys.models import Questionnaire, State, Submission, Survey
from tests.fieldwork.door import posted
from tests.fieldwork.field import Field, field, interview, open_survey, version
from tests.web import Cast, cast, signed_in

NOON = datetime(2026, 3, 2, 12, tzinfo=KAZAKHSTAN_TIME)


def at(hour: float, days: int = 0) -> FixedClock:
    return FixedClock(NOON.replace(hour=0) + timedelta(days=days, hours=hour))


@pytest.fixture
def scene(db: None) -> Cast:
    return cast()


def drawn(survey: Survey, units: int = 6, *, phone: bool = True) -> list[Unit]:
    places = [("KZ-71", "Астана"), ("KZ-75", "Алматы")]
    psus = [
        Psu.objects.create(survey=survey, code=f"p{n}", region=r, place=p)
        for n, (r, p) in enumerate(places * 2)
    ]
    return [
        Unit.objects.create(
            survey=survey,
            psu=psus[n % len(psus)],
            code=f"u{n}",
            chance=0.1,
            weight=10,
            phone=f"+7700{n}" if phone else "",
        )
        for n in range(units)
    ]


def test_what_poll_sample_writes_is_what_fieldwork_reads(scene: Cast, tmp_path: Path) -> None:
    rows = [
        {"id": f"{s}-{n}", "settlement": s, "region": r, "place": s.title(), "address": f"{s} {n}"}
        for s, r in (("a", "KZ-10"), ("b", "KZ-10"), ("c", "KZ-75"), ("d", "KZ-75"))
        for n in range(5)
    ]
    frame, design = tmp_path / "frame.csv", tmp_path / "sample.toml"
    pl.DataFrame(rows).write_csv(frame)
    design.write_text(
        '[sample]\nn = 2\n[frame]\nid = "id"\npsu = "settlement"\nstrata = "region"\n'
        'keep = ["region", "place", "address"]\n[within]\ntake = 3\n'
    )
    out = tmp_path / "out"
    command = ["poll", "sample", str(frame), "--design", str(design), "--out", str(out)]
    assert CliRunner().invoke(kelisim, command).exit_code == 0
    survey = open_survey(scene.house)
    content = (out / "sample.csv").read_bytes()
    assert import_sample(survey=survey, content=content, by=scene.of(Role.SUPERVISOR)) == 6
    truth = pl.read_csv(content)
    stored = {unit.code: unit for unit in survey.units.select_related("psu")}
    assert set(stored) == set(truth["unit"])
    for row in truth.to_dicts():
        unit = stored[row["unit"]]
        assert (unit.chance, unit.weight, unit.address) == (
            row["pi"],
            row["weight"],
            row["address"],
        )
        assert (unit.psu.code, unit.psu.region) == (row["psu"], row["region"])
    with pytest.raises(IdRefused):
        import_sample(survey=survey, content=content, by=scene.of(Role.SUPERVISOR))
    assert survey.units.count() == 6


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("unit,pi\n1,0.5\n", ColumnRefused),
        ("unit,pi,weight\n", FileRefused),
        ("unit,pi,weight\n1,0,2\n", ValueRefused),
        ("unit,pi,weight\n1,0.5,inf\n", ValueRefused),
        ("unit,pi,weight\n1,0.5,two\n", ValueRefused),
        ("unit,pi,weight,draw\n1,0.5,2,x\n", ValueRefused),
        ("unit,pi,weight\n1,0.5,2\n1,0.5,2\n", IdRefused),
        ("unit,pi,weight\n,0.5,2\n", IdRefused),
    ],
)
def test_a_file_that_is_no_sample_is_refused_whole(
    scene: Cast, text: str, kind: type[Refusal]
) -> None:
    survey = open_survey(scene.house)
    with pytest.raises(kind):
        import_sample(survey=survey, content=text.encode(), by=scene.of(Role.SUPERVISOR))
    with pytest.raises(FileRefused):
        import_sample(survey=survey, content=b"\xff", by=scene.of(Role.SUPERVISOR))
    assert not survey.units.exists()
    assert not survey.psus.exists()


def test_a_list_holds_what_is_due_first_and_only_the_own_places(scene: Cast) -> None:
    survey = open_survey(scene.house)
    units = drawn(survey)
    who = scene.of(Role.INTERVIEWER)
    for psu in Psu.objects.exclude(code="p3"):
        assign_psu(psu=psu, interviewer=who, by=scene.of(Role.SUPERVISOR))
    record_contact(
        unit=units[0], outcome=Outcome.CALL_BACK, by=who, back_at=at(13).now(), clock=at(12)
    )
    record_contact(unit=units[1], outcome=Outcome.COMPLETE, by=who, clock=at(12))
    before, after = day(who, at(12.5).now()), day(who, at(14).now())
    assert before.appointments == []
    assert after.appointments == [units[0]]
    assert after.done == 1
    listed = {unit.code for place in after.places for unit in place.units}
    assert listed == {"u2", "u4", "u5"}  # u3 is in p3
    assert [str(place.psu) for place in after.places] == ["Алматы", "Астана", "Астана"]
    assert day(scene.stranger, at(14).now()).places == []


def test_a_contact_is_kept_and_moves_the_unit(scene: Cast) -> None:
    survey = open_survey(scene.house)
    unit, who = drawn(survey)[0], scene.of(Role.INTERVIEWER)
    record_contact(unit=unit, outcome=Outcome.NO_CONTACT, by=who, clock=at(12))
    unit.refresh_from_db()
    assert (unit.outcome, unit.attempts, unit.due_at) == ("no-contact", 1, at(15).now())
    record_contact(unit=unit, outcome=Outcome.COMPLETE, by=who, note="есік ашты", clock=at(16))
    unit.refresh_from_db()
    assert (unit.outcome, unit.attempts, unit.due_at) == ("complete", 2, None)
    assert [one.outcome for one in unit.contacts.all()] == ["no-contact", "complete"]
    assert Entry.objects.filter(action="fieldwork.record_contact").count() == 2
    assert Bell.objects.get(channel=f"fieldwork:{survey.pk}").rung == 2


def test_numbers_are_called_in_order_within_the_hours(scene: Cast) -> None:
    survey = open_survey(scene.house)
    units = drawn(survey, 3)
    one, two = scene.of(Role.INTERVIEWER), scene.of(Role.SUPERVISOR)
    Plan.objects.create(survey=survey, call_from=time(10), call_until=time(18), most_attempts=2)
    assert take_number(survey=survey, by=one, clock=at(9.9)) is None
    assert take_number(survey=survey, by=one, clock=at(18)) is None
    assert take_number(survey=survey, by=one, clock=at(10)) == units[0]
    assert take_number(survey=survey, by=one, clock=at(10.1)) == units[0], "one at a time"
    assert take_number(survey=survey, by=two, clock=at(10.1)) == units[1], "never the same"
    assert take_number(survey=survey, by=two, clock=at(11)) == units[1], "what one had comes first"
    record_contact(
        unit=units[0], outcome=Outcome.CALL_BACK, by=one, back_at=at(12).now(), clock=at(11)
    )
    record_contact(unit=units[1], outcome=Outcome.REFUSED, by=two, clock=at(11))
    assert take_number(survey=survey, by=one, clock=at(11.1)) == units[2]
    assert take_number(survey=survey, by=two, clock=at(11.5)) is None, "not due, or on a line"
    assert take_number(survey=survey, by=two, clock=at(12)) == units[0], "the appointment"
    record_contact(unit=units[0], outcome=Outcome.NO_ANSWER, by=two, clock=at(12))
    assert take_number(survey=survey, by=two, clock=at(17)) == units[2], "the lease ran out"
    record_contact(unit=units[2], outcome=Outcome.COMPLETE, by=two, clock=at(17))
    assert take_number(survey=survey, by=two, clock=at(10, days=1)) is None, "tried often enough"


def test_back_checks_are_a_share_of_everyones_interviews_and_made_by_others(scene: Cast) -> None:
    survey = open_survey(scene.house)
    one, two = scene.of(Role.INTERVIEWER), scene.of(Role.RESEARCHER)
    for number, unit in enumerate(drawn(survey, 15)):
        record_contact(unit=unit, outcome=Outcome.COMPLETE, by=one if number < 10 else two)
    chief = scene.of(Role.SUPERVISOR)
    assert draw_back_checks(survey=survey, share=0.2, seed=7, by=chief) == 3
    assert draw_back_checks(survey=survey, share=0.2, seed=8, by=chief) == 0
    first = set(BackCheck.objects.values_list("unit__code", flat=True))
    BackCheck.objects.all().delete()
    draw_back_checks(survey=survey, share=0.2, seed=7, by=chief)
    assert set(BackCheck.objects.values_list("unit__code", flat=True)) == first, "repeatable"
    check = BackCheck.objects.filter(unit__contacts__interviewer=one).first()
    assert check is not None
    with pytest.raises(ValueRefused):
        check_back(check=check, found=Checked.CONFIRMED, by=one)
    check_back(check=check, found=Checked.DIFFERS, by=chief, note="үйде болмаған")
    check.refresh_from_db()
    assert (check.found, check.by) == ("differs", chief)


def test_rates_are_those_of_aapors_own_example() -> None:
    every = [
        *[Outcome.COMPLETE] * 60, *[Outcome.PARTIAL] * 5, *[Outcome.REFUSED] * 15,
        *[Outcome.NO_CONTACT] * 8, *[Outcome.UNABLE] * 2, *[Outcome.NO_ANSWER] * 6,
        *[Outcome.UNREACHABLE] * 4, *[Outcome.NOT_ELIGIBLE] * 10, *[""] * 30,
    ]  # fmt: skip
    found = rates(every)
    assert found is not None
    assert pytest.approx(60 / 100) == found.RR1
    assert pytest.approx(65 / 100) == found.RR2
    assert pytest.approx(60 / 82) == found.COOP1
    assert pytest.approx(15 / 100) == found.REF1
    assert pytest.approx(82 / 100) == found.CON1
    assert rates([""]) is None
    only = rates([Outcome.NO_ANSWER])
    assert only is not None
    assert (only.RR1, only.e) == (0.0, 1.0)


def test_every_outcome_has_a_disposition_and_a_final_one_is_no_unknown() -> None:
    assert set(DISPOSITIONS) == set(Outcome)
    assert all(DISPOSITIONS[one] in {"I", "P", "R", "O", "NE"} for one in FINAL)


def test_the_response_rate_is_the_weighted_share_and_its_interval_holds_it() -> None:
    rows = [
        ("KZ-71", psu, weight, outcome)
        for psu in range(8)
        for weight, outcome in [
            (1.0, "complete"),
            (3.0, "refused"),
            (2.0, ""),
            (5.0, "not-eligible"),
        ]
    ]
    rows += [("KZ-75", 99, 1.0, "complete"), ("KZ-75", 99, 1.0, "no-contact")]
    found = responses(rows)
    assert found["KZ-71"].value == pytest.approx(0.25)
    assert found[""].value == pytest.approx((8 + 1) / (32 + 2))
    low, high = found[""].low, found[""].high
    assert low is not None
    assert high is not None
    assert low < 9 / 34 < high
    assert found["KZ-75"].value == pytest.approx(0.5)
    assert responses([("KZ-71", 1, 1.0, "")]) == {}


def test_the_board_counts_what_happened(scene: Cast) -> None:
    survey = open_survey(scene.house)
    units, who = drawn(survey, 8), scene.of(Role.INTERVIEWER)
    for unit, outcome in zip(units, [Outcome.COMPLETE] * 3 + [Outcome.REFUSED] * 2, strict=False):
        record_contact(unit=unit, outcome=outcome, by=who)
    found = board(survey)
    assert (found.whole.drawn, found.whole.tried, found.whole.done) == (8, 5, 3)
    assert {one.region: (one.drawn, one.tried, one.done) for one in found.regions} == {
        "KZ-71": (4, 3, 2),
        "KZ-75": (4, 2, 1),
    }
    assert found.rates is not None
    assert pytest.approx(0.6) == found.rates.RR1
    assert [(w.person, w.contacts, w.done, w.refused) for w in found.workers] == [(who, 5, 3, 2)]
    assert Contact.objects.count() == 5
    address = f"/api/fieldwork/{survey.organisation.slug}/{survey.slug}"
    told = signed_in(scene.of(Role.SUPERVISOR)).get(address).json()
    assert told["whole"]["done"] == 3
    assert told["whole"]["response"]["low"] < told["whole"]["response"]["high"]
    assert told["rates"]["RR1"] == pytest.approx(0.6)
    assert str(who) not in str(told), "a program has no need of who interviewed"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_names_on_the_map_of_regions_are_whole(language: str) -> None:
    places = [one.iso for one in KAZAKHSTAN.regions]
    tried = [Progress(one, 12, 6, 3, Share(0.5, 0.4, 0.6)) for one in places]
    with translation.override(language):
        shown = pictures(Board(tried[0], tried, None, []))
    assert shown is not None
    assert "…" not in f"{shown.map}{shown.map_narrow}"


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_aside_is_received_once_it_can_be() -> None:
    people = cast()
    given: Field = field(people.house)
    Survey.objects.update(state=State.CLOSED)
    assert posted(given.path, interview("uuid:late")).status == 202
    kept = Quarantined.objects.get()
    chief = people.of(Role.SUPERVISOR)
    told = settle_quarantined(kept=kept, by=chief, again=True)
    assert told is not None
    assert told.status == 202
    kept.refresh_from_db()
    assert kept.settled_at is None, "it still waits"
    Survey.objects.update(state=State.OPEN)
    kept = Quarantined.objects.get()
    told = settle_quarantined(kept=kept, by=chief, again=True)
    assert told is not None
    assert told.status == 201
    assert Submission.objects.get().instance_id == "uuid:late"
    kept.refresh_from_db()
    assert kept.settled_at is not None
    version(given.survey, 2, published=False)
    posted(given.path, interview("uuid:early", version="v2"))
    early = Quarantined.objects.get(settled_at=None)
    settle_quarantined(kept=early, by=chief, again=False)
    assert not Quarantined.objects.filter(settled_at=None).exists()
    assert Questionnaire.objects.count() == 2
