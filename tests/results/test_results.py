"""A study on the site gives the bytes of ``kelisim poll run``, and refuses as it does."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from polars.testing import assert_frame_equal

from kelisim.accounts.roles import Role
from kelisim.auditlog.models import Entry
from kelisim.cli.main import kelisim
from kelisim.core import errors
from kelisim.core.regions import REGIONS
from kelisim.jobs.models import Job, Status
from kelisim.results import files
from kelisim.results.actions.change_declaration import change_declaration
from kelisim.results.actions.open_study import open_study
from kelisim.results.analysis import result_of
from kelisim.results.models import Run, Stage, Study
from kelisim.results.scorecard import cards_of
from kelisim.site.refusals import HEADLINES
from kelisim.study.report.desk import desk
from kelisim.study.run import run_study
from kelisim.study.settings import read_study
from kelisim.surveys.xform.markup import MarkupRefused
from tests.results.studies import computed, example, opened, packed
from tests.study.area_study import write_study
from tests.web import Cast, cast, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Cast:
    return cast()


def submitted(scene: Cast, content: bytes, slug: str = "trust") -> tuple[int, str]:
    """Hand a packed study in as the researcher does, in English; return status and page."""
    client = signed_in(scene.of(Role.RESEARCHER))
    upload = SimpleUploadedFile("study.zip", content)
    answer = client.post("/en/organisations/house/studies/new/", {"slug": slug, "folder": upload})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("inside", ["", "my-poll/"])
def test_a_packed_folder_becomes_a_study(scene: Cast, inside: str) -> None:
    assert submitted(scene, packed(example(), inside))[0] == 302
    study = Study.objects.get(slug="trust")
    assert set(study.files.values_list("name", flat=True)) == set(example()) - {"study.toml"}
    assert study.title_kk == "Мысал: модельденген сауалнама"
    assert Entry.objects.get(action="results.open_study").facts["slug"] == "trust"


def test_a_run_gives_the_bytes_of_poll_run(scene: Cast, tmp_path: Path) -> None:
    by = scene.of(Role.RESEARCHER)
    run = computed(opened(scene.house, by), by)
    assert run.stage == Stage.DONE
    (tmp_path / "study").mkdir()
    for name, content in example().items():
        (tmp_path / "study" / name).write_bytes(content)
    out = tmp_path / "out"
    kelisim(["poll", "run", str(tmp_path / "study"), "--out", str(out)], standalone_mode=False)
    release = files.folder(run) / "release"
    assert {file.name: file.read_bytes() for file in release.iterdir()} == {
        file.name: file.read_bytes() for file in out.iterdir()
    }


def test_the_pages_show_what_the_release_holds(scene: Cast) -> None:
    by = scene.of(Role.RESEARCHER)
    run = computed(opened(scene.house, by), by)
    client = signed_in(scene.of(Role.CUSTOMER))
    at = f"/en/organisations/house/studies/trust/runs/{run.number}/"
    overview = client.get(at).content.decode()
    assert "How far do you trust the local administration?" in overview
    first = client.get(f"{at}1/").content.decode()
    quoted = re.search(r'<p id="citation">(.*?)</p>', first)
    assert quoted is not None
    assert re.search(r"[\d.]+%.*95% confidence interval: .*n = \d+", quoted[1])
    assert client.get(f"{at}1/?by=2").content != client.get(f"{at}1/?by=1").content
    assert client.get(f"{at}1/?by=9").status_code == 404
    assert client.get(f"{at}99/").status_code == 404
    card = client.get(f"{at}scorecard/").content.decode()
    assert re.search(r"(Above|Below), probability|Not decided; above with probability", card)
    heads = re.findall(r'<th scope="col">(.*?)</th>', card)
    assert heads[:3] == ["Region", "Possible places", "Estimate, 95 % interval"]
    assert "at most 5% on average are expected to be there wrongly" in card
    assert card.count("<h2>How far do you trust the local administration?</h2>") == 1
    file = client.get(f"{at}files/estimates.csv")
    release = files.folder(run) / "release"
    assert b"".join(file.streaming_content) == (release / "estimates.csv").read_bytes()  # type: ignore[attr-defined]  # a FileResponse streams
    assert client.get(f"{at}files/..%2Fstudy%2Fstudy.toml").status_code == 404
    [listed] = client.get("/api/results/house").json()
    assert [one["manifest"] for one in listed["runs"]] == [run.manifest]
    rows = client.get(f"/api/results/house/trust/{run.number}/estimates").json()
    written = pl.read_csv(release / "estimates.csv", infer_schema_length=None)
    assert rows == written.to_dicts()
    assert {"estimate", "ci_low", "ci_high", "n"} <= set(rows[0])


def test_two_runs_are_compared_as_two_waves_or_refused(scene: Cast) -> None:
    by = scene.of(Role.RESEARCHER)
    study = opened(scene.house, by)
    first, second = computed(study, by), computed(study, by)
    at = f"/en/organisations/house/studies/trust/runs/{second.number}/scorecard/"
    page = signed_in(by).get(at, {"before": first.pk}).content.decode()
    assert "The two waves cannot be compared." in page


def test_a_waiting_run_says_how_far_it_is(scene: Cast) -> None:
    by = scene.of(Role.RESEARCHER)
    signed_in(by).post("/en/organisations/house/studies/none/run/", {"seed": 1})
    opened(scene.house, by)
    client = signed_in(by)
    asked = client.post("/en/organisations/house/studies/trust/run/", {"seed": 1})
    page = client.get(asked["Location"]).content.decode()
    assert "Waiting for a worker." in page
    Job.objects.update(status=Status.RUNNING, done=3, total=8)
    part = client.get(asked["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "3 of 8 steps" in part
    assert "<html" not in part
    Run.objects.update(stage=Stage.REFUSED, refusal=errors.LonelyPsu("A stratum.").as_dict())
    assert client.get(asked["Location"], headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert (
        client.post("/en/organisations/house/studies/trust/run/", {"seed": -1}).status_code == 302
    )
    assert Run.objects.count() == 1


def changed(**replaced: str) -> dict[str, bytes]:
    found = dict(example())
    text = found["study.toml"].decode()
    for before, after in replaced.items():
        assert before in text
        text = text.replace(before, after)
    return found | {"study.toml": text.encode()}


def without(name: str) -> dict[str, bytes]:
    return {key: content for key, content in example().items() if key != name}


REFUSED = {
    "not a zip": (b"PK but no", "This is not a .zip file."),
    "no declaration": (packed(without("study.toml")), "There is no study.toml"),
    "a file is missing": (packed(without("population.csv")), "was not handed in"),
    "a name outside": (
        packed(changed(**{"interviews.csv": "../../secret-key"})),
        "is not beside study.toml",
    ),
    "an absolute name": (packed(changed(**{"population.csv": "/etc/passwd"})), "not beside"),
    "a wrong key": (packed(changed(lonely_psu="lonely_pso")), "A setting is not known"),
    "not utf-8": (
        packed(example() | {"study.toml": "ә".encode("cp1251", "replace") + b"\xff"}),
        "UTF-8",
    ),
    "too many files": (
        packed(example() | {f"{n}.csv": b"" for n in range(30)}),
        "more than the site",
    ),
    "a bad address": (packed(example()), "valid"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_a_study_is_refused_with_a_sentence(scene: Cast, kind: str) -> None:
    content, sentence = REFUSED[kind]
    status, page = submitted(scene, content, slug="a b" if kind == "a bad address" else "trust")
    assert status == 422
    assert sentence in page
    assert not Study.objects.exists()


def test_a_second_study_of_one_address_is_refused(scene: Cast) -> None:
    assert submitted(scene, packed(example()))[0] == 302
    status, page = submitted(scene, packed(example()))
    assert status == 422
    assert "There is a study with this short name already." in page


def test_a_study_that_poll_run_refuses_ends_with_its_sentence(scene: Cast) -> None:
    by = scene.of(Role.RESEARCHER)
    study = opened(scene.house, by)
    change_declaration(
        study=study, declaration=study.declaration.replace('"weight"', '"weigth"'), by=by
    )
    run = computed(study, by)
    assert run.stage == Stage.REFUSED
    assert run.refusal is not None
    assert run.refusal["code"] == "column"
    assert not files.folder(run).exists()
    page = signed_in(by).get(f"/ru/organisations/house/studies/trust/runs/{run.number}/")
    assert "Столбца нет или он назван дважды." in page.content.decode()


def test_a_declaration_is_changed_or_refused_and_kept(scene: Cast) -> None:
    by = scene.of(Role.RESEARCHER)
    study = opened(scene.house, by)
    client, at = signed_in(by), reverse("study", args=["house", "trust"])
    wrong = study.declaration.replace("[domains]", "[domain]")
    answer = client.post(at, {"declaration": wrong})
    assert answer.status_code == 422
    assert "[domain]" in answer.content.decode()  # what was typed is still there
    study.refresh_from_db()
    assert "[domains]" in study.declaration
    right = study.declaration.replace("[0.5]", "[0.25]")
    assert client.post(at, {"declaration": right.replace("\n", "\r\n")}).status_code == 302
    study.refresh_from_db()
    assert study.declaration == right
    change_declaration(study=study, declaration=right, by=by)
    assert Entry.objects.filter(action="results.change_declaration").count() == 1


def test_every_kind_of_refusal_has_a_sentence_for_people() -> None:
    def below(kind: type[errors.Refusal]) -> set[str]:
        return {kind.code}.union(*(below(one) for one in kind.__subclasses__()))

    assert below(errors.Refusal) | {MarkupRefused.code} == set(HEADLINES)


def test_areas_of_a_model_are_read_back_and_their_card_is_of_the_model(
    scene: Cast, tmp_path: Path
) -> None:
    by = scene.of(Role.RESEARCHER)
    names = {area: region.iso for area, region in zip("ABCDEFG", REGIONS, strict=False)}
    sources = {
        file.name: re.sub(r"\b[A-G]\b", lambda found: names[found[0]], file.read_text("utf-8"))
        for file in write_study(tmp_path / "study").iterdir()
    }
    study = open_study(
        organisation=scene.house,
        slug="areas",
        declaration=sources.pop("study.toml"),
        files={name: [text.encode()] for name, text in sources.items()},
        by=by,
    )
    run = computed(study, by)
    found = result_of(run)
    whole = run_study(read_study(files.folder(run) / "study"), seed=run.seed)
    for one, other in ((found.ranks, whole.ranks), (found.decisions, whole.decisions)):
        assert_frame_equal(one, other.with_columns(cs.float().fill_null(float("nan"))))
    yes, answer = cards_of(desk(found, "en"))
    assert "small areas by a model" in yes.title
    assert "small areas by a model" in answer.title
    assert len(yes.rows) == len(answer.rows) == 7
    assert {row.side for row in yes.rows} <= {"above", "below", "open"}
    assert {row.side for row in answer.rows} == {""}
    assert yes.rate == "5%"
    client = signed_in(scene.of(Role.CUSTOMER))
    at = f"/en/organisations/house/studies/areas/runs/{run.number}/"
    for page in ("", "1/", "2/", "3/", "4/", "scorecard/"):
        assert client.get(at + page).status_code == 200
    for mine, theirs in zip(found.areas, whole.areas, strict=True):
        assert_frame_equal(mine.checks, theirs.checks, check_column_order=False, check_dtypes=False)
        assert_frame_equal(mine.spreads, theirs.spreads, check_dtypes=False)

    for language, titles in CHECKED.items():
        shown = client.get(f"/{language}/organisations/house/studies/areas/runs/{run.number}/2/")
        figures = re.findall(r"<figure>.*?</figure>", shown.content.decode(), re.DOTALL)
        for title in titles:
            (figure,) = [one for one in figures if f"<figcaption>{title}" in one]
            assert "<svg" in figure
            assert "<table" in figure


CHECKED = {
    "kk": ("Модель нені өзгертеді", "Тікелей бағалаулар және модель", "Модель сол адамдардан"),
    "ru": ("Что меняет модель", "Прямые оценки и модель", "Чего модель ждёт от тех же"),
    "en": ("What the model changes", "Direct estimates and the model", "What the model expects"),
}
"""The charts that check a model of areas, on the page of its question."""
