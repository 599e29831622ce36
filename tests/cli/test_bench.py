"""The same work here and in the peers, and no ratio where the answers differ."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from kelisim.cli import bench

PROGRAM = """
import array, json, sys
with open(sys.argv[2], "wb") as out:
    array.array("d", {answer}).tofile(out)
with open("{log}", "a") as log:
    print("{who}", file=log)
print(json.dumps({{"version": "1", "seconds": {seconds}, "cpu_seconds": 0.5}}))
"""

WORKLOADS = """
[toy]
about = "A toy."
work = {{ rows = 3{tolerance} }}
agree = 1e-6
{who}
"""


class Lab:
    """A bench folder with toy programs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.log = home / "log"
        self.who: list[str] = []
        (home / "inputs.py").write_text("import sys\nassert sys.argv[1] == 'toy'\n")

    def program(self, who: str, seconds: float = 0.01, answer: str = "[1.0, 2.0, 0.0]") -> None:
        code = PROGRAM.format(seconds=seconds, answer=answer, log=self.log, who=who)
        self.script(who, code)

    def script(self, who: str, code: str, more: str = "") -> None:
        (self.home / f"{who}.py").write_text(code)
        self.who.append(f'[[toy.who]]\nname = "{who}"\nrun = ["{{python}}", "{who}.py"]\n{more}')

    def check(self, error: float) -> None:
        (self.home / "checks.py").write_text(f"print('{{\"error\": {error}}}')")

    def run(self, *arguments: str, tolerance: str = "") -> dict[str, Any]:
        text = WORKLOADS.format(who="\n".join(self.who), tolerance=tolerance)
        (self.home / "workloads.toml").write_text(text)
        result = CliRunner().invoke(bench.command, [*arguments, "--json"])
        document: dict[str, Any] = {**json.loads(result.stdout), "exit": result.exit_code}
        return document


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setattr(bench, "BENCH", tmp_path)
    return Lab(tmp_path)


def test_a_ratio_is_of_medians_of_answers_that_agree(lab: Lab) -> None:
    lab.program("kelisim", 0.01)
    lab.program("peer", 0.04, "[1.0, 2.0000001, 0.0]")
    found = lab.run("toy", "--seed", "7")
    assert found["exit"] == 0
    assert found["name"] == "toy"
    assert found["work"] == {"rows": 3, "seed": 7, "rounds": 3}
    assert set(found["machine"]) == {"cpu", "cores", "load", "system", "python"}
    assert [run["who"] for run in found["runs"]] == ["kelisim", "peer"]
    assert [run["agrees"] for run in found["runs"]] == [True, True]
    assert set(found["runs"][0]) == {
        *("who", "version", "seconds", "cpu_seconds", "peak_mb", "agrees", "error", "facts")
    }
    assert found["runs"][0]["peak_mb"] > 1
    assert found["missing"] == []
    assert found["ratio"] == {"peer": pytest.approx(4.0)}


def test_rounds_are_interleaved(lab: Lab) -> None:
    lab.program("kelisim")
    lab.program("peer")
    lab.run("toy", "--rounds", "4")
    assert lab.log.read_text().split() == ["kelisim", "peer"] * 4


def test_fewer_than_three_rounds_are_wrong_usage() -> None:
    assert CliRunner().invoke(bench.command, ["--rounds", "2"]).exit_code == 2


@pytest.mark.parametrize("answer", ["[1.0, 2.1, 0.0]", "[1.0, 2.0]", "[1.0, float('nan'), 0.0]"])
def test_answers_that_differ_give_no_ratio(lab: Lab, answer: str) -> None:
    lab.program("kelisim")
    lab.program("peer", answer=answer)
    found = lab.run("toy")
    assert [run["agrees"] for run in found["runs"]] == [False, False]
    assert found["ratio"] == {}


def test_an_answer_that_is_wrong_by_its_own_check_does_not_agree(lab: Lab) -> None:
    lab.program("kelisim")
    lab.program("peer")
    lab.check(1e-3)
    found = lab.run("toy", tolerance=", tolerance = 1e-8")
    assert [run["error"] for run in found["runs"]] == [1e-3, 1e-3]
    assert [run["agrees"] for run in found["runs"]] == [False, False]
    lab.check(1e-9)
    found = lab.run("toy", tolerance=", tolerance = 1e-8")
    assert [run["agrees"] for run in found["runs"]] == [True, True]


def test_a_peer_that_is_not_installed_is_named(lab: Lab) -> None:
    lab.program("kelisim")
    lab.script("absent", "", 'needs = ["{python}", "-c", "import absent"]\ninstall = "make bench"')
    lab.script("nowhere", "", 'needs = ["/nowhere/R"]\ninstall = "apt-get install r-base-core"')
    lab.script("here", PROGRAM.format(seconds=0, answer="[1, 2, 0]", log=lab.log, who="here"))
    lab.who[-1] += '\nneeds = ["{python}", "-c", "import json"]\ninstall = ""'
    found = lab.run("toy")
    assert found["exit"] == 0
    assert found["missing"] == [
        {"who": "absent", "why": "not installed: make bench"},
        {"who": "nowhere", "why": "not installed: apt-get install r-base-core"},
    ]
    assert [run["who"] for run in found["runs"]] == ["kelisim", "here"]


def test_alone_there_is_nobody_to_agree_with(lab: Lab) -> None:
    lab.program("kelisim")
    found = lab.run("toy")
    assert found["runs"][0]["agrees"] is None
    assert found["ratio"] == {}


def test_a_peer_that_breaks_off_is_named_with_its_last_words(lab: Lab) -> None:
    lab.program("kelisim")
    lab.script("peer", "raise SystemExit('no such option')")
    found = lab.run("toy")
    assert found["missing"] == [{"who": "peer", "why": "ended with status 1: no such option"}]


def test_our_own_fault_is_not_hidden(lab: Lab) -> None:
    lab.script("kelisim", "raise SystemExit('broken')")
    found = lab.run("toy")
    assert found["exit"] == 1
    assert "broken" in found["failed"]["message"]


def test_a_process_that_is_interrupted_takes_its_child_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "BENCH", tmp_path)
    killed: list[int] = []

    def interrupt(*_: Any) -> Any:
        raise KeyboardInterrupt

    def kill(child: subprocess.Popen[bytes]) -> None:
        killed.append(child.pid)
        os.kill(child.pid, signal.SIGKILL)

    monkeypatch.setattr(os, "wait4", interrupt)
    monkeypatch.setattr(subprocess.Popen, "kill", kill)
    with pytest.raises(KeyboardInterrupt):
        bench.run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path)
    assert len(killed) == 1


def test_without_a_name_every_workload_is_run_and_a_person_reads_a_table(lab: Lab) -> None:
    lab.program("kelisim")
    lab.program("peer")
    lab.script("absent", "", 'needs = ["/nowhere"]\ninstall = "make bench"')
    document = lab.run()
    assert [found["name"] for found in document["benchmarks"]] == ["toy"]
    result = CliRunner().invoke(bench.command, [])
    assert result.exit_code == 0
    for word in ("toy: A toy.", "kelisim", "peer", "times ours", "yes", "not installed"):
        assert word in result.stdout


def test_an_unknown_workload_gets_the_nearest_one(lab: Lab) -> None:
    lab.program("kelisim")
    found = lab.run("tooy")
    assert found["exit"] == 1
    assert found["refused"]["do"] == "Did you mean 'toy'?"
    assert lab.run("zzz")["refused"]["do"] == "The workloads are: toy, coverage."


def test_outside_a_checkout_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "BENCH", tmp_path / "bench")
    result = CliRunner().invoke(bench.command, ["rake"])
    assert result.exit_code == 1
    assert "not of the installed package" in result.stderr
    assert "checkout" in result.stderr


def test_the_workload_rake_runs_and_its_check_finds_what_is_wrong(tmp_path: Path) -> None:
    """The programs of the checkout, on a small input."""
    here = bench.BENCH
    assert (here / "workloads.toml").is_file()
    bench.run(
        ["{python}", "inputs.py", "rake", str(tmp_path), '{"rows": 3000, "seed": 1}'], tmp_path
    )
    printed, _ = bench.run(
        ["{python}", "rake.py", str(tmp_path), str(tmp_path / "a.answer")], tmp_path
    )
    assert set(json.loads(printed)) == {"version", "seconds", "cpu_seconds"}
    workload = bench.read_workloads()["rake"]
    error = bench.error_of("rake", workload, "a", tmp_path)
    assert error is not None
    assert error < 1e-9
    weights = np.fromfile(tmp_path / "a.answer")
    weights[0] *= 2
    weights.tofile(tmp_path / "b.answer")
    spoiled = bench.error_of("rake", workload, "b", tmp_path)
    assert spoiled is not None
    assert spoiled > 1e-8


def test_a_program_may_tell_facts_and_a_workload_compare_another_clock(lab: Lab) -> None:
    for who, cpu, wait in (("kelisim", 0.5, 30), ("peer", 2.0, 90)):
        code = PROGRAM.format(seconds=1, answer="[1.0]", log=lab.log, who=who)
        code = code.replace(
            '"cpu_seconds": 0.5', f'"cpu_seconds": {cpu}, "facts": {{"p99_ms": {wait}}}'
        )
        lab.script(who, code)
    found = lab.run("toy", tolerance=' }\ncompare = "cpu_seconds"\nmore = { a = 1')
    assert found["ratio"] == {"peer": 4.0}
    assert [run["facts"] for run in found["runs"]] == [{"p99_ms": 30}, {"p99_ms": 90}]


def test_coverage_polls_the_demo_country_and_counts_what_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "BENCH", tmp_path)  # it needs no checkout
    asked = ["coverage", "--repetitions", "2", "--seed", "3", "--workers", "1"]
    result = CliRunner().invoke(bench.command, [*asked, "--json"])
    document = json.loads(result.stdout)
    assert document["work"] == {"repetitions": 2, "seed": 3}
    held = {(one["what"], one["of"]): one for one in document["held"]}
    assert held["interval", "nation"]["cases"] == 2 * 21
    words = CliRunner().invoke(bench.command, asked).stdout
    assert "polls whose rank sets hold every true rank" in words
    assert "dissatisfied by region" in words


def test_workers_count_what_one_counts() -> None:
    program = str(Path(sys.executable).parent / "kelisim")
    asked = [program, "bench", "coverage", "--repetitions", "3", "--json"]
    counted = [
        json.loads(
            subprocess.run([*asked, "--workers", n], capture_output=True, check=True).stdout
        )["held"]
        for n in ("1", "2")
    ]
    assert counted[0] == counted[1]


def test_one_repetition_has_no_error() -> None:
    asked = ["coverage", "--repetitions", "1", "--workers", "1", "--json"]
    result = CliRunner().invoke(bench.command, asked)
    assert {one["error"] for one in json.loads(result.stdout)["held"]} == {None}


def test_an_experiment_without_a_rival_is_run_once_and_shows_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "BENCH", tmp_path)
    (tmp_path / "workloads.toml").write_text(
        '[trial]\nabout = "A trial."\nwork = { draws = 3, shares = [0.05] }\n'
        'experiment = ["{python}", "trial.py"]\n'
    )
    (tmp_path / "trial.py").write_text(
        "import json, sys\nwork = json.loads(sys.argv[1])\n"
        "rows = [['what', 'seen'], ['draws', work['draws']], ['seed', work['seed']]]\n"
        "print(json.dumps({'version': '1', 'found': 7, 'table': rows}))\n"
    )
    result = CliRunner().invoke(bench.command, ["trial", "--seed", "5", "--json"])
    document = json.loads(result.stdout)
    assert document["found"] == 7
    assert document["work"] == {"draws": 3, "shares": [0.05], "seed": 5}
    assert [one["who"] for one in document["runs"]] == ["kelisim"]
    assert document["ratio"] == {}
    text = CliRunner().invoke(bench.command, ["trial", "--seed", "5"]).stdout
    for word in ("trial: A trial.", "what", "seen", "draws 3", "seed 5"):
        assert word in text
