from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from kelisim.cli.consultation import command
from tests.study.test_votes import VOTES, saved


def ran(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments])


def test_votes_are_mapped_into_a_folder(tmp_path: Path) -> None:
    votes, out = saved(tmp_path, VOTES), tmp_path / "out"
    result = ran("map", votes, "--out", out, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["participants"] == 12
    assert document["layer"] == "model"
    assert {p.name for p in out.iterdir()} == set(document["files"])


@pytest.mark.parametrize("flags", [["--live"], ["--compatible", "polis"]])
def test_the_other_layers_answer_in_words(tmp_path: Path, flags: list[str]) -> None:
    result = ran("map", saved(tmp_path, VOTES), "--out", tmp_path / "out", *flags)
    assert result.exit_code == 0
    assert "12 participants, 8 statements and 96 votes are mapped" in result.stdout


def test_equal_votes_give_equal_bytes_in_any_order_of_rows(tmp_path: Path) -> None:
    head, *rows = VOTES.splitlines()
    turned = "\n".join([head, *reversed(rows)]) + "\n"
    ran("map", saved(tmp_path, VOTES), "--out", tmp_path / "one")
    ran("map", saved(tmp_path, turned, "turned.csv"), "--out", tmp_path / "other", "--seed", "7")
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()


def test_rejected_statements_stay_out(tmp_path: Path) -> None:
    comments = saved(tmp_path, "comment-id,moderated\ns0,-1\nnever-shown,-1\n", "comments.csv")
    result = ran(
        "map", saved(tmp_path, VOTES), "--out", tmp_path / "out", "--statements", comments, "--live"
    )
    assert result.exit_code == 0
    table = (tmp_path / "out" / "statements.csv").read_text()
    assert "s0," not in table


def test_a_bad_file_is_refused_in_a_sentence_and_nothing_is_left(tmp_path: Path) -> None:
    bad = saved(tmp_path, "participant,statement,vote\na,s,5\n")
    result = ran("map", bad, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["refused"]["what"] == "A vote is 5 (1 such votes)."
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_two_layers_at_once_are_wrong_usage(tmp_path: Path) -> None:
    votes = saved(tmp_path, VOTES)
    assert (
        ran("map", votes, "--out", tmp_path / "o", "--live", "--compatible", "polis").exit_code == 2
    )


def test_coordinated_accounts_are_mentioned(tmp_path: Path) -> None:
    burst = "participant,statement,vote,time\n" + "".join(
        f"{p},s{j},{1 if j % 2 else -1},{j * pace}\n"
        for p, pace in (("bot", 0.006), ("person", 20))
        for j in range(80)
    )
    result = ran("map", saved(tmp_path, burst), "--out", tmp_path / "out")
    assert "see integrity.json" in result.stdout


def test_asked_pairs_are_predicted(tmp_path: Path) -> None:
    pairs = saved(tmp_path, "participant,statement\np0,s1\np11,s1\nstranger,s1\n", "pairs.csv")
    out = tmp_path / "p.csv"
    result = ran("predict", "--train", saved(tmp_path, VOTES), "--ask", pairs, "--out", out)
    assert result.exit_code == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert [row["participant"] for row in rows] == ["p0", "p11", "stranger"]
    assert float(rows[0]["p_agree"]) > float(rows[2]["p_agree"]) > float(rows[1]["p_agree"])
    assert "1 asked names have no training vote" in result.stderr


PEOPLE = "participant,region,sex\n" + "".join(
    f"p{i},{'north' if i % 3 else 'south'},{'f' if i % 2 else 'm'}\n" for i in range(12)
)
POPULATION = "region,sex,n\nnorth,f,100\nnorth,m,100\nsouth,f,400\nsouth,m,400\n"


def test_the_country_stands_beside_the_voices(tmp_path: Path) -> None:
    people = saved(tmp_path, PEOPLE, "people.csv")
    population = saved(tmp_path, POPULATION, "population.csv")
    asked = ("--people", people, "--population", population, "--live")
    result = ran("map", saved(tmp_path, VOTES), "--out", tmp_path / "out", *asked, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["crowd"]["told"] == 12
    rows = list(csv.DictReader((tmp_path / "out" / "country.csv").read_text().splitlines()))
    assert {"voices", "country", "country_low", "country_high", "overturned_by"} <= set(rows[0])
    assert all(
        float(row["country_low"]) < float(row["country"]) < float(row["country_high"])
        for row in rows
    )
    assert "country_groups.csv" in document["files"]
    sentence = ran("map", saved(tmp_path, VOTES), "--out", tmp_path / "again", *asked).stdout
    assert "from the country, in region most" in sentence


def test_a_crowd_like_the_country_is_called_so(tmp_path: Path) -> None:
    people = saved(tmp_path, PEOPLE, "people.csv")
    like = "region,sex,n\nnorth,f,200\nnorth,m,200\nsouth,f,100\nsouth,m,100\n"
    population = saved(tmp_path, like, "population.csv")
    result = ran(
        "map", saved(tmp_path, VOTES), "--out", tmp_path / "out", "--live",
        "--people", people, "--population", population, "--selection", "0.1",
    )  # fmt: skip
    assert "as close to the country as a random sample" in result.stdout


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("participant,region,sex\np1,moon,f\n", "The population has no 'moon'"),
        ("participant,region,sex\nnobody,north,f\n", "Nobody who voted tells"),
        ("person,region,sex\np1,north,f\n", "There is no column 'participant'"),
    ],
)
def test_people_who_fit_no_country_are_refused_with_their_file(
    tmp_path: Path, table: str, what: str
) -> None:
    people = saved(tmp_path, table, "people.csv")
    population = saved(tmp_path, POPULATION, "population.csv")
    result = ran(
        "map", saved(tmp_path, VOTES), "--out", tmp_path / "out", "--live",
        "--people", people, "--population", population,
    )  # fmt: skip
    assert result.exit_code == 1
    assert what in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "flags",
    [
        ["--people", "p.csv"],
        ["--population", "p.csv"],
        ["--people", "p.csv", "--population", "p.csv", "--compatible", "polis"],
        ["--batch", "--compatible", "polis"],
        ["--batch", "--at", "5"],
        ["--slate", "0"],
        ["--selection", "-1"],
    ],
)
def test_wishes_that_contradict_one_another_are_wrong_usage(
    tmp_path: Path, flags: list[str]
) -> None:
    result = ran("map", saved(tmp_path, VOTES), "--out", tmp_path / "out", *flags)
    assert result.exit_code == 2


def test_the_past_is_mapped_as_it_was(tmp_path: Path) -> None:
    events = "participant,statement,vote,time\na,s,1,10\nb,s,1,10\na,t,1,20\na,s,-1,30\nb,t,0,40\n"
    votes = saved(tmp_path, events)
    for at, expected in ((10, "s,2,0,0"), (30, "s,1,1,0")):
        result = ran("map", votes, "--out", tmp_path / str(at), "--live", "--at", str(at))
        assert result.exit_code == 0
        assert expected in (tmp_path / str(at) / "statements.csv").read_text()
    untimed = ran("map", saved(tmp_path, VOTES), "--out", tmp_path / "o", "--at", "5")
    assert untimed.exit_code == 1
    assert "There is no column 'time'" in untimed.stderr


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_batch_gives_the_bytes_of_the_live_layer(tmp_path: Path, kind: str) -> None:
    votes = saved(tmp_path, VOTES)
    large = votes if kind == "csv" else tmp_path / "votes.parquet"
    if kind == "parquet":
        pl.read_csv(votes).write_parquet(large)
    ran("map", votes, "--out", tmp_path / "live", "--live")
    result = ran("map", large, "--out", tmp_path / "batch", "--batch", "--memory", "200MB")
    assert result.exit_code == 0, result.stderr
    for file in (tmp_path / "live").iterdir():
        assert file.read_bytes() == (tmp_path / "batch" / file.name).read_bytes()


HEAD = "participant,statement,vote"
STRANGE = {
    "a vote of 2": (f"{HEAD}\na,s,2\n", "A vote is 2"),
    "a vote of a half": (f"{HEAD}\na,s,0.5\n", "A vote is 0.5"),
    "a vote in words": (f"{HEAD}\na,s,yes\n", "'yes' is not a number"),
    "an empty vote": (f"{HEAD}\na,s,\n", "A vote is"),
    "an infinite vote": (f"{HEAD}\na,s,inf\n", "The value is infinite"),
    "a nameless participant": (f"{HEAD}\n,s,1\n", "A participant has no name"),
    "a nameless statement": (f"{HEAD}\na,,1\n", "A statement has no name"),
    "two votes without a time": (f"{HEAD}\na,s,1\na,s,-1\n", "votes twice"),
    "two votes at once": (f"{HEAD},time\na,s,1,5\na,s,-1,5\n", "two different votes"),
    "a time that is none": (f"{HEAD},time\na,s,1,noon\n", "The time is missing or is not one"),
    "a weight of nothing": (f"{HEAD},weight\na,s,1,0\n", "is not a positive number"),
    "a negative weight": (f"{HEAD},weight\na,s,1,-2\n", "is not a positive number"),
    "two weights of one": (f"{HEAD},weight\na,s,1,1\na,t,1,2\n", "two different weights"),
    "no votes": (f"{HEAD}\n", "There are no votes"),
    "no participants": ("statement,vote\ns,1\n", "There is no column 'participant'"),
    "an empty file": ("", ""),
    "a matrix of nothing": ("participant,1,2\na,,\n", "There are no votes"),
    "two rows of one": ("participant,1\na,1\na,-1\n", "has more than one row"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_votes_that_cannot_be_counted_are_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    text, what = STRANGE[name]
    result = ran("map", saved(tmp_path, text), "--out", tmp_path / "out", "--live", "--json")
    assert result.exit_code == 1
    refused = json.loads(result.stdout)["refused"]
    assert what in refused["what"]
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", [name for name in STRANGE if "weight" not in name])
def test_a_batch_refuses_what_is_refused_otherwise(tmp_path: Path, name: str) -> None:
    result = ran("map", saved(tmp_path, STRANGE[name][0]), "--out", tmp_path / "out", "--batch")
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


TEXTS = (
    "<script>alert(1)</script>", "\u0645\u0631\u062d\u0628\u0627", "\u202etxet", "x" * 10_000,
    "\U0001f44d\U0001f3fd\u200d\u2764\ufe0f", "=cmd|' /C calc'!A0", "Қазақша — «сөз»", "two\nlines",
    "   ", "a,b;c\t\"d\"",
)  # fmt: skip


def test_statements_of_every_kind_of_text_are_carried_and_drawn_nowhere(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "participant": [f"<b>p{i}</b>" for i in range(12) for _ in TEXTS],
            "statement": list(TEXTS) * 12,
            "vote": [1 if (i < 6) == (j < 5) else -1 for i in range(12) for j in range(len(TEXTS))],
        }
    )
    frame.write_parquet(tmp_path / "votes.parquet")
    result = ran("map", tmp_path / "votes.parquet", "--out", tmp_path / "out", "--live")
    assert result.exit_code == 0
    table = pl.read_csv(tmp_path / "out" / "statements.csv", infer_schema=False)
    assert sorted(table["statement"].to_list()) == sorted(TEXTS)
    svg = (tmp_path / "out" / "map.svg").read_text(encoding="utf-8")
    assert "script" not in svg
    assert "<b>" not in svg


@pytest.mark.parametrize(
    "text",
    [
        "participant,1,2,3\na,1,,0\nb,,,\nc,-1,,1\n",
        "participant,1,2\na,1,-1\n",
        "participant,1,2\na,0,0\nb,0,0\n",
        "participant,1,2\na,1,-1\nb,1,-1\n",
    ],
    ids=["empty rows and columns", "one participant", "all pass", "two alike"],
)
@pytest.mark.parametrize("flags", [[], ["--live"], ["--compatible", "polis"]])
def test_the_least_of_votes_is_mapped(tmp_path: Path, text: str, flags: list[str]) -> None:
    result = ran("map", saved(tmp_path, text), "--out", tmp_path / "out", *flags, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["groups"] <= (2 if flags else 0)
