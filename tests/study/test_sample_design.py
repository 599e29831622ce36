"""sample.toml is read strictly: keys known, values of their kind, refusals at their lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kelisim.core.errors import FileRefused, Refusal
from kelisim.engine.sampling import Allocation, Plan
from kelisim.engine.sampling.plan import ALLOCATIONS, METHODS, WITHIN
from kelisim.study.sample_design import COLUMNS, SECTIONS, SampleDesign, read_design
from tests.house.inventory import ROOT, SOURCE

REFERENCE = (ROOT / "docs" / "reference" / "sample-toml.md").read_text(encoding="utf-8")
LEAST = '[sample]\nn = 5\n[frame]\nid = "house"\n'
WHOLE = """[sample]
n = 40
method = "pps-systematic"
public = "Lottery: 4 8 15"
rotation = 4
[frame]
id = "house"
strata = "region"
size = "adults"
psu = "town"
sort = ["street", "number"]
missing = ["NA", -1]
keep = ["address"]
[within]
take = 10
method = "systematic"
[allocation]
method = "cost"
minimum = 2
deviation = {"KZ-10" = 0.4, "KZ-11" = 1}
cost = {"KZ-10" = 1500, "KZ-11" = 900.5}
"""


def read(folder: Path, text: str) -> SampleDesign:
    file = folder / "sample.toml"
    file.write_text(text, encoding="utf-8")
    return read_design(file)


def test_the_least_design_is_a_simple_random_sample(tmp_path: Path) -> None:
    design = read(tmp_path, LEAST)
    assert design.plan == Plan(id="house", n=5)
    assert (design.public, design.keep, design.size) == ("", (), None)


def test_every_setting_reaches_the_plan(tmp_path: Path) -> None:
    design = read(tmp_path, WHOLE)
    assert design.plan == Plan(
        id="house",
        n=40,
        method="pps-systematic",
        strata="region",
        size="adults",
        sort=("street", "number"),
        allocation=Allocation(
            "cost",
            2,
            deviation={"KZ-10": 0.4, "KZ-11": 1.0},
            cost={"KZ-10": 1500.0, "KZ-11": 900.5},
        ),
        psu="town",
        take=10,
        within="systematic",
        rotation=4,
    )
    assert design.public == "Lottery: 4 8 15"
    assert design.missing == ("NA", "-1")
    assert design.keep == ("address",)


def test_a_precision_becomes_a_number_of_units_or_of_places(tmp_path: Path) -> None:
    frame = '[frame]\nid = "house"\n'
    size = "[size]\nmargin = 0.05\nresponse = 0.5\n"
    one = read(tmp_path, frame + size)
    assert one.size is not None
    assert (one.plan.n, one.size.interviews) == (770, 385)
    two = read(tmp_path, frame + 'psu = "town"\n[within]\ntake = 10\n' + size)
    assert two.plan.n == 77
    mean = read(tmp_path, frame + "[size]\nmargin = 2\ndeviation = 15\n")
    assert mean.plan.n == 217


WRONG = {
    "unknown section": (LEAST + "[allocations]\n", "line 5: There is no section 'allocations'."),
    "far section": (LEAST + "[zzz]\n", "The sections are 'sample', 'frame'"),
    "unknown key": (LEAST + "idd = 3\n", "line 5: There is no setting 'idd' in [frame]."),
    "unknown method": (
        LEAST.replace("n = 5", 'n = 5\nmethod = "pps_brewer"'),
        "sample.toml, line 3: There is no method of selection 'pps_brewer'. Did you mean 'pps-bre",
    ),
    "far method": (LEAST.replace("n = 5", 'method = "x"'), "Choose one of 'srs', 'systematic', "),
    "unknown allocation": (
        LEAST + '[allocation]\nmethod = "neymann"\n',
        "line 6: There is no method of allocation 'neymann'. Did you mean 'neyman'?",
    ),
    "unknown method within": (
        LEAST + '[within]\nmethod = "sys"\n',
        "There is no method of selection within PSUs 'sys'.",
    ),
    "n of a half": (LEAST.replace("5", "5.5"), "line 2: 'n' in [sample] must be a whole number"),
    "no id": ("[sample]\nn = 5\n", "[frame] has no 'id'."),
    "kept twice": (LEAST + 'keep = ["a", "a"]\n', "line 5: The columns to keep repeat"),
    "kept under our name": (LEAST + 'keep = ["pi"]\n', "names that the sample uses: 'pi'."),
    "counts in parts": (
        LEAST + '[allocation]\ncounts = {"a" = 1.5}\n',
        "line 6: 'counts' in [allocation] must be a whole number of at least 1",
    ),
    "counts in a list": (LEAST + "[allocation]\ncounts = [1]\n", "a table with a whole number a"),
    "no costs": (LEAST + "[allocation]\ncost = {}\n", "must be a table with a number a stratum"),
    "share and mean": (
        '[frame]\nid = "h"\n[size]\nmargin = 0.1\np = 0.5\ndeviation = 3\n',
        "line 6: [size] has 'p', for a share, and 'deviation', for a mean.",
    ),
    "no margin": ('[frame]\nid = "h"\n[size]\np = 0.5\n', "[size] has no 'margin'."),
    "wide margin": ('[frame]\nid = "h"\n[size]\nmargin = 5\n', "'margin' is 5, and must be betw"),
    "n twice": (LEAST + "[size]\nmargin = 0.1\n", "given by n and again by [size]."),
    "places without take": (
        '[frame]\nid = "h"\npsu = "p"\n[size]\nmargin = 0.1\n',
        "Say how many units to take in each PSU in [within]",
    ),
    "no TOML": ("[sample\n", "is not valid TOML"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_design_is_refused_at_its_line(name: str, tmp_path: Path) -> None:
    text, words = WRONG[name]
    with pytest.raises(Refusal) as refused:
        read(tmp_path, text)
    assert words in str(refused.value)


def test_a_design_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="There is no such design file"):
        read_design(tmp_path / "sample.toml")


def keys() -> set[str]:
    """Return every key that the reader of sample.toml takes."""
    text = (SOURCE / "study" / "sample_design.py").read_text(encoding="utf-8")
    return set(re.findall(r"\.(?:take|need)\(\"(\w+)\"", text)) | {"method"}


@pytest.mark.parametrize("key", sorted(keys()))
def test_every_key_of_sample_toml_is_explained(key: str) -> None:
    assert f"| `{key}` |" in REFERENCE


@pytest.mark.parametrize("word", [*SECTIONS, *METHODS, *ALLOCATIONS, *WITHIN, *COLUMNS])
def test_every_word_of_sample_toml_is_explained(word: str) -> None:
    assert any(f"`{spelled}`" in REFERENCE for spelled in (f"[{word}]", f'"{word}"', word))


def test_the_example_of_the_reference_is_a_design(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", REFERENCE, re.DOTALL)
    assert read(tmp_path, example).plan.take == 10
