"""joint.parquet has the pairs of a sample; where there are none to compute, that is said."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from kelisim.cli.main import kelisim
from kelisim.engine.sampling.plan import WITH_JOINT

DESIGN = """[sample]
n = 6
method = "srs"
joint = true
[frame]
id = "house"
strata = "region"
size = "adults"
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A frame of 40 houses in 4 towns of 2 regions."""
    rows = [f"h{i:02},r{i % 2},t{i % 4},{1 + i % 5}" for i in range(40)]
    text = "\n".join(["house,region,town,adults", *rows])
    (tmp_path / "frame.csv").write_text(text, encoding="utf-8")
    return tmp_path


def draw(place: Path, design: str = DESIGN, out: str = "out") -> Result:
    (place / "sample.toml").write_text(design, encoding="utf-8")
    files = (str(place / "frame.csv"), "--design", str(place / "sample.toml"))
    return CliRunner().invoke(kelisim, ["poll", "sample", *files, "--out", str(place / out)])


@pytest.mark.parametrize("method", WITH_JOINT)
def test_every_pair_of_the_sample_stands_once_in_its_order(method: str, place: Path) -> None:
    result = draw(place, DESIGN.replace('"srs"', f'"{method}"'))
    assert result.exit_code == 0, result.stderr
    sample = pl.read_csv(place / "out" / "sample.csv")
    joint = pl.read_parquet(place / "out" / "joint.parquet")
    assert joint.columns == ["unit_i", "unit_j", "pi_ij"]
    units, pi = sample["unit"].to_list(), dict(sample.select("unit", "pi").iter_rows())
    region = dict(sample.select("unit", "stratum").iter_rows())
    pairs = [(i, j) for at, i in enumerate(units) for j in units[at + 1 :]]
    assert list(zip(joint["unit_i"], joint["unit_j"], strict=True)) == pairs
    for i, j, both in joint.iter_rows():
        assert 0 < both <= min(pi[i], pi[j])
        if region[i] != region[j]:
            assert both == pytest.approx(pi[i] * pi[j])


def test_the_file_is_in_the_manifest_and_the_same_every_time(place: Path) -> None:
    draw(place)
    draw(place, out="again")
    written = (place / "out" / "joint.parquet").read_bytes()
    assert written == (place / "again" / "joint.parquet").read_bytes()
    manifest = json.loads((place / "out" / "manifest.json").read_text("utf-8"))
    assert {
        "path": "joint.parquet",
        "sha256": sha256(written).hexdigest(),
        "bytes": len(written),
    } in manifest["files"]


@pytest.mark.parametrize("settings", ["n = 1", 'n = 1\nrotation = 1\npublic = "4 8 15"'])
def test_one_unit_makes_no_pair(settings: str, place: Path) -> None:
    assert draw(place, DESIGN.replace("n = 6", settings).replace("strata", "#")).exit_code == 0
    joint = pl.read_parquet(place / "out" / "joint.parquet")
    assert (joint.height, joint.width) == (0, 3)


def test_a_design_that_asks_for_none_gets_none(place: Path) -> None:
    assert draw(place, DESIGN.replace("joint = true", "joint = false")).exit_code == 0
    assert not (place / "out" / "joint.parquet").exists()


WRONG = {
    "not a truth value": ("joint = true", 'joint = "yes"', "line 4: 'joint' in [sample] must be"),
    "a number": ("joint = true", "joint = 1", "line 4: 'joint' in [sample] must be true or false"),
    "misspelt": ("joint = true", "joints = true", "Did you mean 'joint'?"),
    "another section": ("size =", "joint = true\nsize =", "no setting 'joint' in [frame]"),
    "random order": ('"srs"', '"pps-randomised"', "'pps-randomised' has none that can be comp"),
    "with replacement": ('"srs"', '"pps-wr"', "A unit may be drawn twice."),
    "two stages": ("size =", 'psu = "town"\nsize =', "units are drawn inside PSUs."),
    "a person": ("n = 6", 'n = 6\nhousehold = "kish"', "one person is chosen at every address."),
    "more than there are": ("n = 6", "n = 41", "41 units are asked for, and there are 40."),
    "size of zero": ("# x", "# x", "The measure of size is 0"),
    "too many sets": ('n = 6\nmethod = "srs"', 'n = 20\nmethod = "pps-brewer"', "'r0': 10 of 20"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_refusal_is_a_sentence_and_leaves_nothing_behind(name: str, place: Path) -> None:
    old, new, words = WRONG[name]
    if name == "size of zero":
        frame = (place / "frame.csv").read_text("utf-8")
        (place / "frame.csv").write_text(frame.replace("t3,4", "t3,0"), encoding="utf-8")
    result = draw(place, DESIGN.replace(old, new))
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert (result.exit_code, result.stdout) == (1, "")
    assert sorted(file.name for file in place.iterdir()) == ["frame.csv", "sample.toml"]


def test_pairs_beyond_the_limit_are_refused_before_anything_is_drawn(place: Path) -> None:
    rows = [f"h{i:04},r{i % 2},t,1" for i in range(4000)]
    frame = "\n".join(["house,region,town,adults", *rows])
    (place / "frame.csv").write_text(frame, encoding="utf-8")
    result = draw(place, DESIGN.replace("n = 6", "n = 3001"))
    assert result.exit_code == 1
    assert "sample.toml: 3001 units make 4501500 pairs, and those of 3000 units" in result.stderr
    assert not (place / "out").exists()
