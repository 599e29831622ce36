"""Who came is laid beside the country; what they told stays in sums, and can be erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from kelisim.accounts.roles import Role
from kelisim.auditlog.models import Entry
from kelisim.charts import Sheet, Voiced, table_html
from kelisim.consultations import tokens
from kelisim.consultations.actions.set_population import set_population
from kelisim.consultations.beside import Beside, Crowd
from kelisim.consultations.country import country_chart, voiced
from kelisim.consultations.models import About, Consultation, Participant, Population, Standing
from kelisim.consultations.models.words import Said
from kelisim.consultations.population import LARGEST, MOST_CELLS, as_table, cells_of, read_cells
from kelisim.consultations.report import report_html, report_pdf
from kelisim.consultations.report_country import MOST_DRAWN, PAGE, country_section
from kelisim.core.errors import Refusal
from kelisim.core.regions import KAZAKHSTAN
from kelisim.study.report.blocks import Figure, TableBlock
from tests.consultations.making import camps, vote
from tests.consultations.test_results import worked
from tests.web import Cast, signed_in

pytestmark = pytest.mark.django_db

CELLS = "region,sex,n\n" + "".join(
    f"{region.iso},{sex},{region.population.count // 2}\n"
    for region in KAZAKHSTAN.regions
    for sex in ("female", "male")
)


def here(consultation: Consultation, token: str) -> Client:
    client = signed_in(None)
    client.cookies[tokens.cookie(consultation.slug)] = token
    return client


def tell(consultation: Consultation, token: str, **said: str) -> int:
    form = {"consent": "on", **said}
    address = reverse("consultation-about", args=[consultation.slug])
    return here(consultation, token).post(address, form).status_code


def told_by(made: list[str], consultation: Consultation, *, sex: str = "male") -> None:
    """Let each voice tell a region in turn, all of them one sex; SIMULATED."""
    rows = {row.token: row for row in Participant.objects.filter(consultation=consultation)}
    for place, token in enumerate(made):
        region = KAZAKHSTAN.regions[place % 20].iso
        About.objects.create(participant=rows[tokens.digest(token)], region=region, sex=sex)


def page(consultation: Consultation, token: str, language: str = "en") -> str:
    with translation.override(language):
        address = reverse("consultation", args=[consultation.slug])
    return here(consultation, token).get(address).content.decode()


def test_what_is_told_needs_consent_and_is_kept_apart(traffic: Consultation) -> None:
    token = camps(traffic, 1)[0]
    address = reverse("consultation-about", args=["traffic"])
    assert here(traffic, token).post(address, {"sex": "female"}).status_code == 422
    assert not About.objects.exists()
    assert tell(traffic, token, sex="female", region="KZ-75") == 302
    known = About.objects.get()
    assert (known.sex, known.region, known.age, known.settlement) == ("female", "KZ-75", "", "")
    entry = Entry.objects.get(action="consultations.tell")
    assert (entry.actor_id, entry.facts) == (None, {})
    assert tell(traffic, token, sex="male") == 302
    assert About.objects.get().sex == "male"
    assert 'value="male" selected' in here(traffic, token).get(address).content.decode()


def test_what_is_told_can_be_erased_also_when_it_is_closed(traffic: Consultation) -> None:
    token = camps(traffic, 1)[0]
    address = reverse("consultation-about", args=["traffic"])
    tell(traffic, token, age="60+")
    Consultation.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert tell(traffic, token, age="18-29") == 422
    assert "<select" not in here(traffic, token).get(address).content.decode()
    assert here(traffic, token).post(address, {"erase": "yes"}).status_code == 302
    assert not About.objects.exists()
    assert here(traffic, token).post(address, {"erase": "yes"}).status_code == 302
    assert Entry.objects.filter(action="consultations.erase").count() == 1


def test_telling_nothing_erases_what_was_told(traffic: Consultation) -> None:
    token = camps(traffic, 1)[0]
    tell(traffic, token, age="60+")
    assert tell(traffic, token) == 302
    assert not About.objects.exists()


def test_nobody_is_asked_who_has_not_voted(traffic: Consultation) -> None:
    assert tell(traffic, tokens.fresh(), sex="female") == 302
    assert not About.objects.exists()


def test_there_is_no_ethnicity_to_tell_and_no_empty_row(traffic: Consultation) -> None:
    assert {field.name for field in About._meta.get_fields()} == {
        "participant",
        "region",
        "sex",
        "age",
        "settlement",
    }
    token = camps(traffic, 1)[0]
    voice = Participant.objects.get(token=tokens.digest(token))
    with pytest.raises(IntegrityError), transaction.atomic():
        About.objects.create(participant=voice)


def test_what_is_told_is_in_no_open_file(traffic: Consultation) -> None:
    made = camps(traffic, 4)
    told_by(made, traffic)
    worked()
    for name in ("votes.csv", "participants-votes.csv", "statements.csv"):
        address = reverse("consultation-data", args=["traffic", name])
        text = signed_in(None).get(address).content.decode()
        assert "KZ-" not in text
        assert "male" not in text


def test_below_thirty_people_nothing_is_said_of_the_country(traffic: Consultation) -> None:
    made = camps(traffic, 29)
    told_by(made, traffic)
    worked()
    assert Standing.objects.get().findings["country"] == {"told": 29}
    shown = page(traffic, made[0])
    assert "so far 29 did" in shown
    assert "Country estimate" not in shown


@pytest.mark.parametrize(
    ("language", "mark", "nobody", "column"),
    [
        (
            "en",
            "Those who came are far from the country.",
            "Some part of the country has nobody among them",
            "Country estimate",
        ),
        (
            "ru",
            "Пришедшие далеки от страны.",
            "Какой-то части страны среди них нет вовсе",
            "Оценка для страны",
        ),
        (
            "kk",
            "Келгендер елге мүлде ұқсамайды.",
            "Олардың арасында елдің бір бөлігінен ешкім жоқ",
            "Ел бойынша бағалау",
        ),
    ],
)
def test_the_country_stands_beside_the_voices_in_every_language(
    traffic: Consultation, scene: Cast, language: str, mark: str, nobody: str, column: str
) -> None:
    made = camps(traffic, 60)
    told_by(made, traffic)
    set_population(traffic, read_cells(CELLS.encode()), "Census", by=scene.of(Role.RESEARCHER))
    worked()
    found = Standing.objects.get().findings["country"]
    assert (found["told"], found["variable"], found["verdict"]) == (60, "sex", "far")
    row = found["statements"]["1"]
    assert row["country_low"] < row["country"] < row["country_high"]
    shown = page(traffic, made[0], language)
    assert mark in shown
    assert nobody in shown
    assert column in shown
    # The map, and the chart of the country as a desk and as a phone show it.
    assert shown.count('role="img"') == 3


def test_the_report_lays_the_country_beside_the_crowd(traffic: Consultation, scene: Cast) -> None:
    made = camps(traffic, 60)
    told_by(made, traffic)
    set_population(traffic, read_cells(CELLS.encode()), "Census", by=scene.of(Role.RESEARCHER))
    worked()
    text = report_html(traffic)
    for language, mark, nobody, estimate in (
        (
            "kk",
            "Келгендер елге мүлде ұқсамайды.",
            "Олардың арасында елдің бір бөлігінен ешкім жоқ",
            "Ел бойынша бағалау",
        ),
        (
            "ru",
            "Пришедшие далеки от страны.",
            "Какой-то части страны среди них нет вовсе",
            "Оценка для страны",
        ),
        (
            "en",
            "Those who came are far from the country.",
            "Some part of the country has nobody among them",
            "Country estimate",
        ),
    ):
        # The mark stands under the title and in the part of its own; the estimate in the table.
        assert text.count(mark) == 2
        assert nobody in text
        assert f">{estimate}</th>" in text
        assert f'id="{language}-country"' in text
    row = Standing.objects.get().findings["country"]["statements"]["1"]
    assert f"{row['country_low']:.0%}–{row['country_high']:.0%}" in text
    assert "in the country an estimated" in text
    assert "not of the whole country" not in text
    assert report_pdf(traffic).startswith(b"%PDF")


def test_the_report_says_why_there_is_no_country(traffic: Consultation) -> None:
    made = camps(traffic, 12)
    told_by(made, traffic)
    worked()
    text = report_html(traffic)
    assert "not of the whole country. The country is estimated from 30 people on" in text
    assert 'id="en-country"' not in text


def test_the_report_names_the_size_of_groups_in_the_country(traffic: Consultation) -> None:
    made = camps(traffic, 80)
    told_by(made, traffic)
    worked()
    assert "In the country it would hold an estimated" in report_html(traffic)


def rows(count: int) -> list[Voiced]:
    said = Said("Автобус", "kk")
    return [voiced(n, said, Beside(0.5, 0.3 + n / 1000, 0.2, 0.6)) for n in range(count)]


def test_a_long_chart_is_printed_in_parts_and_a_longer_one_as_a_table() -> None:
    crowd = Crowd("mark", "far", "told", [])
    with translation.override("en"):
        some = country_section(crowd, country_chart(rows(PAGE + 1)), "en").blocks
        many = country_section(crowd, country_chart(rows(MOST_DRAWN + 1)), "en").blocks
        none = country_section(crowd, None, "en").blocks
    figure = next(one for one in some if isinstance(one, Figure))
    first, second = (draw(Sheet(f"part-{at}", 640)) for at, draw in enumerate(figure.pages))
    assert (first.count("Автобус"), second.count("Автобус")) == (PAGE, 1)
    assert "0. Автобус" in second
    assert 'lang="kk"' in table_html(figure.table)
    assert [type(one) for one in many].count(TableBlock) == 2
    assert not any(isinstance(one, Figure) for one in (*many, *none))


def test_without_a_population_the_regions_alone_are_compared(traffic: Consultation) -> None:
    made = camps(traffic, 40)
    told_by(made, traffic)
    worked()
    found = Standing.objects.get().findings["country"]
    assert list(found["variables"]) == ["region"]
    assert "by region" in page(traffic, made[0])


def test_telling_more_makes_the_findings_anew_without_a_vote(traffic: Consultation) -> None:
    made = camps(traffic, 31)
    told_by(made[:30], traffic)
    worked()
    Standing.objects.update(found_at=None)
    assert tell(traffic, made[30], region="KZ-75") == 302
    worked()
    assert Standing.objects.get().findings["country"]["told"] == 31


def test_people_outside_the_population_are_in_no_estimate(
    traffic: Consultation, scene: Cast
) -> None:
    made = camps(traffic, 40)
    told_by(made, traffic)
    one = read_cells(b"region,sex,n\nKZ-75,female,10\nKZ-75,male,10\n")
    set_population(traffic, one, "Almaty", by=scene.of(Role.RESEARCHER))
    worked()
    assert Standing.objects.get().findings["country"] == {"told": 2}


def test_the_groups_have_their_size_in_the_country(traffic: Consultation) -> None:
    made = camps(traffic, 80)
    told_by(made, traffic)
    worked()
    found = Standing.objects.get().findings
    assert found["groups"]
    assert set(found["country"]["groups"]) >= {"A", "B"}
    assert "In the country it would hold an estimated" in page(traffic, made[0])


def test_the_population_is_set_from_a_file(traffic: Consultation, scene: Cast) -> None:
    client = signed_in(scene.of(Role.RESEARCHER))
    address = reverse("set-population", args=["traffic"])
    file = SimpleUploadedFile("cells.csv", CELLS.encode())
    assert client.post(address, {"file": file, "source": "Census 2021"}).status_code == 302
    assert Population.objects.get().variables == ["region", "sex"]
    assert as_table(cells_of(traffic)).height == 40
    shown = client.get(reverse("run-consultation", args=["traffic"])).content.decode()
    assert "Census 2021" in shown
    wrong = SimpleUploadedFile("cells.csv", b"region,n\nMoon,1\nMars,2\n")
    answer = client.post(address, {"file": wrong, "source": "Census 2021"})
    assert answer.status_code == 422
    assert "Moon" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"region,n\n", "There are 0 cells."),
        (b"colour,n\nred,1\nblue,2\n", "The columns of a population are missing."),
        (b"sex\nmale\nfemale\n", "The columns of a population are missing."),
        (b"", "The columns of a population are missing."),
        (b"\xff\xfe\x00", "The file is not a CSV in UTF-8."),
        (b"sex,n\nmale,1\nmale,2\n", "Two lines name the same cell."),
        (b"sex,n\nmale,1\nother,2\n", "'other' is not one of the categories of 'sex'."),
        (b"sex,n\nmale,1\nfemale\n", "'' is not a number of people."),
        (b"sex,n\nmale,1\nfemale,-2\n", "'-2' is not a number of people."),
        (b"sex,n\nmale,1\nfemale,1e9\n", "'1e9' is not a number of people."),
        (b"region,n\nKZ-75,1\nMoon,2\n", "'Moon' is not a region"),
        (b"sex,n\n" + b"male,1\n" * (MOST_CELLS + 1), f"There are {MOST_CELLS + 1} cells."),
        (b"x" * (LARGEST + 1), "The file is larger than 200 kB."),
    ],
)
def test_a_population_that_cannot_be_read_is_refused_by_its_reason(
    content: bytes, what: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read_cells(content)
    assert what in str(refused.value)


def test_a_region_may_be_named_in_any_language() -> None:
    cells = read_cells("region,n\nАбай облысы,5\nгород Астана,7\n".encode("utf-8-sig"))
    assert cells.rows == [["KZ-10", 5.0], ["KZ-71", 7.0]]


def test_a_voice_tells_only_of_itself(traffic: Consultation) -> None:
    first, second = camps(traffic, 2)
    tell(traffic, first, sex="female")
    address = reverse("consultation-about", args=["traffic"])
    assert 'name="erase"' in here(traffic, first).get(address).content.decode()
    assert 'name="erase"' not in here(traffic, second).get(address).content.decode()
    vote(traffic, second, 1, 0)
    assert About.objects.get().participant.token == tokens.digest(first)
