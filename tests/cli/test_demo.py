"""The demo country is polled like any other, compared with its truth, and shown."""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kelisim.accounts.roles import Role
from kelisim.cli.main import kelisim
from tests.serving import fetched, free_port


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(kelisim, ["demo", *map(str, arguments)])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The demo country built once, and what the command said."""
    out = tmp_path_factory.mktemp("demo") / "out"
    return out, invoke("--no-serve", "--seed", "7", "--out", out, "--json")


def test_the_summary_puts_estimates_beside_the_truth(kept: tuple[Path, Result]) -> None:
    _, result = kept
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    assert document["simulated"]
    overall = document["coverage"][-1]
    assert overall["domains"] == "all"
    assert 0.85 < overall["covering"] / overall["intervals"] <= 1
    for row in document["nation"]:
        assert row["ci_low"] <= row["estimate"] <= row["ci_high"]
        assert row["covered"] == (row["ci_low"] <= row["truth"] <= row["ci_high"])


def test_the_study_and_its_release_are_kept_where_asked(kept: tuple[Path, Result]) -> None:
    out, _ = kept
    assert sorted(one.name for one in out.iterdir()) == ["release", "study"]
    assert (out / "release" / "report.html").exists()
    with (out / "study" / "truth.csv").open(encoding="utf-8", newline="") as stream:
        assert next(csv.DictReader(stream))["truth"]


def test_the_demo_is_an_ordinary_run_of_an_ordinary_study(
    kept: tuple[Path, Result], tmp_path: Path
) -> None:
    out, _ = kept
    again = tmp_path / "again"
    arguments = ["poll", "run", str(out / "study"), "--out", str(again), "--seed", "7"]
    assert CliRunner().invoke(kelisim, arguments).exit_code == 0
    for file in again.iterdir():
        assert file.read_bytes() == (out / "release" / file.name).read_bytes(), file.name


def test_a_place_that_is_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    result = invoke("--no-serve", "--out", tmp_path)
    assert result.exit_code == 1
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def told(server: subprocess.Popen[str]) -> Iterator[str]:
    assert server.stdout is not None
    return iter(server.stdout.readline, "")


def test_the_site_is_served_with_an_account_for_every_role(tmp_path: Path) -> None:
    port = free_port()
    command = [str(Path(sys.executable).parent / "kelisim"), "demo", "--port", str(port)]
    out = tmp_path / "out"
    place = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    with (tmp_path / "said").open("wb") as said:
        server = subprocess.Popen(
            [*command, "--out", str(out)], stdout=subprocess.PIPE, stderr=said, env=place, text=True
        )
    try:
        summary = list(takewhile(lambda line: "Ctrl-C" not in line, told(server)))
        page = fetched(f"http://127.0.0.1:{port}/en/")
        assert all(f"{role.value}@demo.kz" in page for role in Role)
        assert summary[0].startswith("SIMULATED: ")
        assert any("intervals hold the truth" in line for line in summary)
        assert f"The study is in {out / 'study'}" in summary[-1]
        found = sorted(one.name for one in out.iterdir())
        assert found == ["release", "site", "study"]
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=90) == 0, (tmp_path / "said").read_text()
    finally:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


def test_a_port_in_use_is_refused_before_any_work() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = invoke("--port", port)
        assert result.exit_code == 1
        assert f"The port {port} cannot be used" in result.stderr
        assert "--port 0" in result.stderr
