"""A folder appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from kelisim.core.errors import OutputRefused
from kelisim.study.folder import refuse_taken, whole_folder


def test_a_draft_takes_its_place_when_all_went_well(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "er" / "out"
    with whole_folder(out) as draft:
        (draft / "a.txt").write_text("a", encoding="utf-8")
        assert not out.exists()
    assert [file.name for file in out.iterdir()] == ["a.txt"]
    assert [file.name for file in tmp_path.iterdir()] == ["deep"]


def test_an_empty_folder_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with whole_folder(tmp_path / "out") as draft:
        (draft / "a.txt").touch()
    assert (tmp_path / "out" / "a.txt").exists()


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_behind_by_a_failure(tmp_path: Path, failure: type[BaseException]) -> None:
    out = tmp_path / "deep" / "out"

    def fail() -> None:
        with whole_folder(out) as draft:
            (draft / "a.txt").touch()
            raise failure

    with pytest.raises(failure):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()
    with pytest.raises(OutputRefused, match="not empty"):
        refuse_taken(tmp_path / "out")
    with pytest.raises(OutputRefused, match="This is a file"):
        refuse_taken(tmp_path / "out" / "mine.txt")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputRefused):
        refuse_taken(tmp_path / "link")


def test_a_place_without_the_right_to_write_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(OutputRefused, match="cannot be written"), whole_folder(tmp_path / "out"):
        pass
