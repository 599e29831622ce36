from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from kelisim.core.errors import (
    ColumnRefused,
    FileRefused,
    OutputRefused,
    ValueRefused,
    VotesRefused,
)
from kelisim.engine.opinion import opinion_map, read_votes
from kelisim.study.votes import (
    FILES,
    WORDS,
    predict,
    read_rejected,
    read_table,
    read_vote_file,
    write_opinion,
    write_prediction,
)

VOTES = "participant,statement,vote\n" + "".join(
    f"p{i},s{j},{1 if (i < 6) == (j < 4) else -1}\n" for i in range(12) for j in range(8)
)


def saved(folder: Path, text: str, name: str = "votes.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_matrix_a_list_of_polis_and_a_parquet_file_are_read_alike(
    tmp_path: Path, shared: Path
) -> None:
    folder = shared / "data" / "votes" / "london.youth.policing"
    matrix = read_vote_file(folder / "participants-votes.csv")
    listed = read_vote_file(folder / "votes.csv")
    assert matrix.signs.tolist() == listed.signs.tolist()
    long = saved(tmp_path, VOTES)
    pl.read_csv(long).write_parquet(tmp_path / "votes.parquet")
    assert (
        read_vote_file(tmp_path / "votes.parquet").signs.tolist()
        == read_vote_file(long).signs.tolist()
    )


def test_a_bad_vote_is_refused_with_its_file_and_row(tmp_path: Path) -> None:
    with pytest.raises(ValueRefused, match=r"votes\.csv, column 'vote', row 2: A vote is 3"):
        read_vote_file(saved(tmp_path, "participant,statement,vote\na,s,1\nb,s,3\n"))
    with pytest.raises(ColumnRefused, match=r"votes\.csv: There is no column 'participant'"):
        read_vote_file(saved(tmp_path, "person,1\na,1\n"))


def test_a_file_that_is_not_there_or_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="There is no such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(FileRefused, match="not a kind of file"):
        read_vote_file(saved(tmp_path, "x", "votes.docx"))


def test_rejected_statements_are_those_marked_minus_one(tmp_path: Path) -> None:
    file = saved(tmp_path, "comment-id,moderated\n3,-1\n4,1\n5,0\n6,-1\n", "comments.csv")
    assert read_rejected(file) == ("3", "6")


@pytest.mark.parametrize("language", sorted(WORDS))
def test_the_folder_holds_every_file_of_the_contract(tmp_path: Path, language: str) -> None:
    found = opinion_map(read_vote_file(saved(tmp_path, VOTES)))
    assert write_opinion(found, tmp_path / "out", language) == list(FILES)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(FILES)
    rows = list(csv.DictReader((tmp_path / "out" / "participants.csv").read_text().splitlines()))
    assert [row["participant"] for row in rows] == sorted(f"p{i}" for i in range(12))
    groups = json.loads((tmp_path / "out" / "groups.json").read_text(encoding="utf-8"))
    assert groups["groups"] == []
    assert groups["reason"]
    assert WORDS[language].title in (tmp_path / "out" / "map.svg").read_text(encoding="utf-8")


def test_groups_have_letters_on_the_map(tmp_path: Path) -> None:
    found = opinion_map(read_vote_file(saved(tmp_path, VOTES)), layer="live")
    write_opinion(found, tmp_path / "out")
    svg = (tmp_path / "out" / "map.svg").read_text(encoding="utf-8")
    assert ">A</text>" in svg
    assert ">B</text>" in svg


def test_a_taken_folder_is_refused_and_kept(tmp_path: Path) -> None:
    found = opinion_map(read_vote_file(saved(tmp_path, VOTES)), layer="live")
    (tmp_path / "out").mkdir()
    saved(tmp_path / "out", "mine", "note.txt")
    with pytest.raises(OutputRefused, match="exists already"):
        write_opinion(found, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["note.txt"]


def test_predictions_keep_the_order_asked_and_know_the_camps() -> None:
    train = read_votes(pl.read_csv(VOTES.encode()).filter(pl.col("statement") != "s7"))
    pairs = pl.DataFrame({"participant": ["p11", "p0"], "statement": ["s1", "s1"]})
    table, facts = predict(train, pairs)
    assert table["participant"].to_list() == ["p11", "p0"]
    assert table["p_agree"][0] < 0.3 < 0.7 < table["p_agree"][1]
    assert facts["pairs_of_unknown_statements"] == 0


def test_strangers_get_the_average_and_are_counted() -> None:
    train = read_votes(pl.read_csv(VOTES.encode()))
    pairs = pl.DataFrame({"participant": ["zz", "p0"], "statement": ["s1", "new"]})
    table, facts = predict(train, pairs)
    assert table["p_agree"].is_between(0.2, 0.8).all()
    assert facts["pairs_of_unknown_participants"] == facts["pairs_of_unknown_statements"] == 1


def test_nothing_can_be_learnt_from_no_votes() -> None:
    train = read_votes({"participant": ["a"], "1": [None]})
    with pytest.raises(VotesRefused, match="no votes to learn from"):
        predict(train, pl.DataFrame({"participant": ["a"], "statement": ["1"]}))


def test_a_prediction_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    table = pl.DataFrame({"participant": ["a"], "statement": ["x,y"], "p_agree": [0.25]})
    write_prediction(table, tmp_path / "p.csv")
    assert (tmp_path / "p.csv").read_text() == 'participant,statement,p_agree\na,"x,y",0.25\n'
    with pytest.raises(FileNotFoundError):
        write_prediction(table, tmp_path / "none" / "p.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["p.csv"]
