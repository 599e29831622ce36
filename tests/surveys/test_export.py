"""Answers out of submissions: typed, labelled, the same in every kind of file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pyreadstat
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kelisim.accounts.roles import Role
from kelisim.bells.models import Bell
from kelisim.core.errors import OutputRefused
from kelisim.jobs.models import Job
from kelisim.jobs.queue import channel
from kelisim.jobs.worker import work
from kelisim.surveys import analysis, exporting
from kelisim.surveys.answers import compact, layout
from kelisim.surveys.exporting import export
from kelisim.surveys.models import Channel, Submission, Survey
from kelisim.surveys.queries import form_of
from kelisim.surveys.tables import Tables
from kelisim.surveys.tasks import compact_submissions, export_answers
from kelisim.surveys.xform.reading import read_form
from kelisim.surveys.xlsform import convert_workbook
from tests.surveys.routes import begun, in_the_field
from tests.web import cast, signed_in

COMMENT = 'Ә "Ғ", \\n not a break\nҚ; =1+1'


def xml(region: str, age: int, children: list[int], words: str = "") -> bytes:
    """Return a submission to the example questionnaire."""
    inside = "".join(f"<child><child_age>{one}</child_age></child>" for one in children)
    told = words.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<data id="omnibus"><consent>yes</consent><interview><region>{region}</region>'
        f"<age>{age}</age><hours>37.5</hours><children>{len(children)}</children>{inside}"
        f"<sources>tv radio</sources><visit>2026-03-01</visit>"
        f"<problem_words>{told}</problem_words></interview>"
        f"<meta><instanceID>uuid:{region}-{age}</instanceID></meta></data>"
    ).encode()


def answered(survey: Survey) -> None:
    """Put three interviews into a survey."""
    version = survey.questionnaires.get()
    for number, (region, age, children, words) in enumerate(
        [("KZ-75", 31, [4, 9], COMMENT), ("KZ-10", 62, [], ""), ("KZ-71", 18, [1], "-2")]
    ):
        raw = xml(region, age, children, words)
        Submission.objects.create(
            questionnaire=version,
            instance_id=f"uuid:{number}",
            xml=raw,
            digest=hashlib.sha256(raw).hexdigest(),
            channel=Channel.COLLECT,
            answers=compact(form_of(version), raw),
        )


@pytest.fixture
def survey(db: None) -> Survey:
    found, _secret = in_the_field(cast())
    answered(found)
    return found


def quiet(done: int, total: int) -> None:
    """Hear nothing."""


def test_answers_are_typed_columns(survey: Survey) -> None:
    frame = analysis.answers(survey)
    assert frame["age"].to_list() == [31, 62, 18]
    assert frame["hours"].to_list() == [37.5] * 3
    assert frame["region"].to_list() == ["KZ-75", "KZ-10", "KZ-71"]
    assert frame["problem_words"].to_list() == [COMMENT, None, "-2"]
    assert frame["sex"].null_count() == 3


def test_repeated_groups_are_tables_of_their_own(survey: Survey) -> None:
    block = next(analysis.blocks(survey))
    children = block.repeats["/data/interview/child"]
    ids = block.answers["_id"].to_list()
    assert children.select("_id", "_number", "child_age").rows() == [
        (ids[0], 1, 4),
        (ids[0], 2, 9),
        (ids[2], 1, 1),
    ]


@pytest.mark.parametrize(("language", "called"), [("kk", "Алматы"), ("en", "Almaty")])
def test_csv_has_labels_of_a_language_and_no_formulas(
    survey: Survey, tmp_path: Path, language: str, called: str
) -> None:
    export(survey, "csv", language, tmp_path / "out.csv", quiet)
    with ZipFile(tmp_path / "out.csv") as archive:
        assert sorted(archive.namelist()) == ["answers.csv", "data_interview_child.csv"]
        frame = pl.read_csv(archive.read("answers.csv"), infer_schema=False)
    assert called in str(frame["region"][0])
    assert frame["problem_words"].to_list() == [COMMENT, None, "-2"]


def test_parquet_is_the_same_table(survey: Survey, tmp_path: Path) -> None:
    export(survey, "parquet", "ru", tmp_path / "out", quiet)
    with ZipFile(tmp_path / "out") as archive:
        frame = pl.read_parquet(archive.read("answers.parquet"))
    told = analysis.labelled(analysis.answers(survey), survey, "ru")
    words = frame.with_columns(pl.col(pl.Enum).cast(pl.String))
    assert words.equals(told)
    assert frame.schema["region"] != pl.String, "a list, and numbers in it"


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_spss_and_stata_read_codes_and_labels_back(
    survey: Survey, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"out.{kind}"
    export(survey, kind, "kk", file, quiet)
    read = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
    frame, about = read(str(file), apply_value_formats=True)
    assert list(frame["age"]) == [31, 62, 18]
    assert list(frame["consent"]) == ["Иә"] * 3
    assert about.column_names_to_labels["age"] == "Жасыңыз нешеде?"


def test_an_answer_that_no_list_has_is_kept_as_it_is(survey: Survey, tmp_path: Path) -> None:
    sent = Submission.objects.earliest("pk")
    sent.answers = bytes(sent.answers or b"").replace(b"KZ-75", b"KZ-99")
    sent.save()
    export(survey, "csv", "en", tmp_path / "out.csv", quiet)
    with ZipFile(tmp_path / "out.csv") as archive:
        frame = pl.read_csv(archive.read("answers.csv"), infer_schema=False)
    assert frame["region"][0] == "KZ-99"
    assert "Abai" in str(frame["region"][1])
    assert frame["consent"].to_list() == ["Yes"] * 3
    export(survey, "sav", "en", tmp_path / "out.sav", quiet)
    table, _about = pyreadstat.read_sav(str(tmp_path / "out.sav"))
    assert table["region"][0] == "KZ-99"


def test_a_file_is_written_from_many_blocks_and_stops_with_the_one_that_fails(
    survey: Survey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(survey, "parquet", "en", tmp_path / "whole", quiet)
    read = analysis.blocks
    monkeypatch.setattr(exporting, "blocks", lambda *a, **k: read(*a, size=1, **k))
    export(survey, "parquet", "en", tmp_path / "pieces", quiet)
    with ZipFile(tmp_path / "whole") as whole, ZipFile(tmp_path / "pieces") as pieces:
        for name in whole.namelist():
            assert pl.read_parquet(pieces.read(name)).equals(pl.read_parquet(whole.read(name)))

    def stopped(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(survey, "parquet", "en", tmp_path / "never", stopped)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pieces", "whole"]


def test_a_writer_that_fails_is_heard(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1]})
    tables = Tables(tmp_path / "absent", "parquet")

    def written() -> None:
        with tables:
            for _block in range(3):
                tables.add("answers", frame)

    with pytest.raises(FileNotFoundError):
        written()


def test_a_survey_that_was_never_published_is_refused_and_leaves_nothing(
    db: None, tmp_path: Path
) -> None:
    with pytest.raises(OutputRefused, match="no published questionnaire"):
        export(begun(cast()), "csv", "kk", tmp_path / "out.csv", quiet)
    assert list(tmp_path.iterdir()) == []


def test_an_older_version_s_answers_stand_in_the_same_table(survey: Survey) -> None:
    first = survey.questionnaires.get()
    head = b"| survey |\n| | type | name | label |\n"
    told = head + b"| | integer | age | Age |\n| | text | new | New |\n"
    form = convert_workbook("next.md", told)
    second = survey.questionnaires.create(
        number=2, form_id="data", source=told, source_name="next.md", xform=form.xform,
        digest="2", published_at=first.published_at,
    )  # fmt: skip
    raw = b"<data><age>44</age><new>word</new></data>"
    Submission.objects.create(
        questionnaire=second, instance_id="uuid:9", xml=raw, digest="9", channel=Channel.SELF,
        answers=compact(form.form, raw),
    )  # fmt: skip
    frame = analysis.answers(survey)
    assert frame["age"].to_list() == [31, 62, 18, 44]
    assert frame["new"].to_list() == [None, None, None, "word"]


@pytest.mark.django_db(transaction=True)
def test_a_file_is_made_in_the_background_and_downloaded() -> None:
    scene = cast()
    survey, _secret = in_the_field(scene)
    answered(survey)
    client = signed_in(scene.of(Role.RESEARCHER))
    page = "/kk/organisations/house/surveys/omnibus/answers/"
    client.post(page, {"kind": "csv"})
    assert work("tester", ["default"], lambda: False, once=True) == 1
    job = Job.objects.get(task=export_answers.module_path)
    answer = client.get(f"{page}{job.pk}/")
    assert answer["Content-Disposition"] == 'attachment; filename="omnibus.zip"'
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]  # of a streaming answer


@pytest.mark.django_db(transaction=True)
def test_submissions_that_came_without_their_compact_form_get_it() -> None:
    survey, _secret = in_the_field(cast())
    answered(survey)
    Submission.objects.update(answers=None)
    compact_submissions.enqueue(survey.pk)
    work("tester", ["default"], lambda: False, once=True)
    assert analysis.answers(survey).height == 3


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"))


@given(words=st.lists(WORDS, min_size=2, max_size=2))
def test_any_text_comes_back_as_it_was(words: list[str]) -> None:
    from lxml import etree

    told = b"| survey |\n| | type | name | label |\n| | text | a | A |\n| | text | b | B |\n"
    form = _form(told)
    root = etree.Element("data")
    for name, text in zip("ab", words, strict=True):
        etree.SubElement(root, name).text = text
    line = compact(form, etree.tostring(root, encoding="utf-8")).partition(b"\n")[0]
    frame = analysis._read(layout(form).root, line + b"\n", {})
    assert [frame["a"][0] or "", frame["b"][0] or ""] == words


_FORMS: dict[bytes, object] = {}


def _form(told: bytes):  # type: ignore[no-untyped-def]  # one form, kept between examples
    if told not in _FORMS:
        _FORMS[told] = read_form(convert_workbook("two.md", told).xform)
    return _FORMS[told]


@pytest.mark.django_db(transaction=True)
def test_the_page_hears_how_far_a_file_is() -> None:
    scene = cast()
    found, _secret = in_the_field(scene)
    answered(found)
    client = signed_in(scene.of(Role.RESEARCHER))
    address = reverse("survey-answers", args=[scene.house.slug, found.slug])
    client.post(address, {"kind": "csv"})
    page = client.get(address).content.decode()
    assert "data-bell=" in page
    assert "<noscript>" in page
    job = Job.objects.get(task=export_answers.module_path)
    assert not Bell.objects.filter(channel=channel(job)).exists()
    work("w", ["default"], lambda: False, once=True)
    assert Bell.objects.get(channel=channel(job)).rung >= 2, "on its way, and at its end"
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert reverse("survey-download", args=[scene.house.slug, found.slug, job.pk]) in part
    assert "data-bell=" not in client.get(address).content.decode(), "nothing is to be heard"
