"""The site as it runs: a real server on a port of its own, on the database of the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def database_url() -> str:
    """Return the address of the database that this test writes to."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    who = f"{quote(told['USER'])}:{quote(told['PASSWORD'])}".rstrip(":")
    return f"postgresql://{who}@{told['HOST']}:{told['PORT'] or 5432}/{told['NAME']}"


@contextmanager
def serving(folder: Path, *, port: int | None = None) -> Iterator[str]:
    """Serve the site by granian, as `kelisim serve` does, and yield its address.

    Tests that use it need ``django_db(transaction=True)``: the server sees what is committed.
    """
    port = port or free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url(),
        "KELISIM_DATA": str(settings.ENVIRONMENT.data),
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    }
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "asgi"]
    command += ["--host", "127.0.0.1", "--port", str(port), "kelisim.site.asgi:application"]
    said = folder / f"server-{port}.log"
    with said.open("wb") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        _answering(f"http://127.0.0.1:{port}/healthz", server, said)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answering(address: str, server: subprocess.Popen[bytes], said: Path) -> None:
    try:
        fetched(address, going=lambda: server.poll() is None)
    except TimeoutError as cause:
        raise RuntimeError(f"The site did not come up: {said.read_text()}") from cause


def fetched(address: str, *, going: Callable[[], bool] = lambda: True) -> str:
    """Return the page at an address, once whoever serves it has come up.

    Raises
    ------
    TimeoutError
        Nobody answers in a minute and a half, or it is no longer `going`.
    """
    for _attempt in range(450):
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310  (our own server)
                page: str = answer.read().decode()
                return page
        except urllib.error.URLError:
            time.sleep(0.2)
        if not going():
            break
    raise TimeoutError(address)
