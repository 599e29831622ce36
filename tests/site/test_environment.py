"""The site as its environment says: database, hosts, secret; and the one port it is served on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from kelisim.core.errors import SettingRefused
from kelisim.site.environment import Environment, database, read_environment, secret_key
from tests.serving import fetched, free_port


def named(url: str) -> Environment:
    return Environment(data=Path("/data"), database=url, hosts=("localhost",), debug=False)


def test_without_a_url_the_database_is_a_file_in_the_data_folder() -> None:
    assert database(named(""))["NAME"] == "/data/kelisim.sqlite3"
    assert database(named("sqlite:////srv/polls.sqlite3"))["NAME"] == "/srv/polls.sqlite3"


def test_a_url_names_a_postgresql_database_with_signs_escaped() -> None:
    found = database(named("postgresql://kelisim:p%40ss@db.example:5433/polls"))
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("kelisim", "p@ss", "db.example")
    assert (found["PORT"], found["NAME"]) == ("5433", "polls")


def test_another_kind_of_database_is_refused_with_what_to_write() -> None:
    with pytest.raises(SettingRefused, match=r"'mysql' is not known.*postgresql://"):
        database(named("mysql://localhost/polls"))


def test_hosts_are_read_without_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KELISIM_HOSTS", "polls.kz, www.polls.kz,")
    assert read_environment().hosts == ("polls.kz", "www.polls.kz")


def test_the_secret_is_made_once_whoever_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KELISIM_SECRET_KEY", raising=False)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(secret_key, [tmp_path / "data"] * 16))
    assert len(keys) == 1
    assert len(keys.pop()) > 50
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret-key"]
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o077 == 0


def test_a_given_secret_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KELISIM_SECRET_KEY", "given")
    assert secret_key(tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    place = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    place |= {"KELISIM_DATA": str(tmp_path / "data"), "DATABASE_URL": ""}
    with (tmp_path / "said").open("wb") as said:
        server = subprocess.Popen(
            [Path(sys.executable).parent / "kelisim", "serve", "--port", str(port)],
            env=place,
            stderr=said,
        )
    try:
        yield f"http://127.0.0.1:{port}"
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=90) == 0, (tmp_path / "said").read_text()
    finally:
        server.kill()
        server.wait()


def test_one_command_serves_the_site_and_ends_cleanly(served: str) -> None:
    assert fetched(f"{served}/healthz") == ""
    assert "От мнения к согласию" in fetched(f"{served}/ru/")
    assert "--accent" in fetched(f"{served}/static/site/site.css")
    assert "құпиясөз қате" in posted(served)


def posted(site: str) -> str:
    """Sign in with a wrong password, as a browser sends it, and return the page that says so."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = browser.open(f"{site}/kk/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "login": "nobody@example.kz", "password": "wrong"}
    sent = urlencode(form).encode()
    answer: str = browser.open(f"{site}/kk/accounts/login/", sent).read().decode()
    return answer
