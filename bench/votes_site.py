"""A site of its own on a database of its own with one consultation, for benchmarks of votes."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

POSTGRES = os.environ.get("POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
STATEMENTS = 40


@contextmanager
def prepared(kind):
    """Yield a prepared database of a kind, ``sqlite`` or ``postgresql``; it is gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="kelisim-votes-"))
    os.environ |= {"KELISIM_DATA": str(home), "DJANGO_SETTINGS_MODULE": "kelisim.site.settings"}
    os.environ["DATABASE_URL"] = ""  # never the database that the caller works with
    name = f"kelisim_bench_{os.getpid()}"
    if kind == "postgresql":
        _postgres(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
    try:
        from kelisim.site.start import prepare

        prepare()
        _asked()
        yield home
    finally:
        if kind == "postgresql":
            _postgres(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(home, ignore_errors=True)


def _postgres(command):
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as line:
        line.execute(command)


def _asked():
    from django.db import connection
    from django.utils import timezone

    from kelisim.accounts.models import Organisation, User
    from kelisim.consultations.actions.add_statement import seed
    from kelisim.consultations.actions.prepare import prepare
    from kelisim.consultations.models import Consultation

    by = User.objects.create_user("bench@example.kz")
    house = Organisation.objects.create(slug="bench", name_kk="bench")
    now = timezone.now()
    asked = Consultation(
        slug="bench", question_en="Bench?", published=True,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1),
    )  # fmt: skip
    prepare(asked, organisation=house, by=by)
    for number in range(STATEMENTS):
        seed(asked, {"en": f"Statement {number} of the benchmark"}, by=by)
    connection.close()


def free_port():
    """Return a port that nobody listens at."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def served(home, port):
    """Return the site's server, answering, in a process group of its own."""
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "asgi"]
    command += ["--host", "127.0.0.1", "--port", str(port), "kelisim.site.asgi:application"]
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    for _attempt in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz"):
                return server
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError((home / "server.log").read_text())


def ended(server, how=signal.SIGTERM):
    """End the server and every process of its group."""
    os.killpg(server.pid, how)
    server.wait()


class Line:
    """One connection that is kept: a vote is sent, and its answer read, one after another."""

    def __init__(self, port):
        self.port, self.reader, self.writer = port, None, None

    async def vote(self, token, statement, vote):
        """Return the status of a vote."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        sent = {
            "consultation": "bench",
            "statement": statement,
            "vote": vote,
            "language": "kk",
            "drawn": "",
        }
        body = json.dumps(sent).encode()
        head = (
            f"POST /intake/votes HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Cookie: voice-bench={token}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        lengths = [line for line in lines if line.lower().startswith("content-length")]
        await self.reader.readexactly(int(lengths[0].partition(":")[2]))
        return int(lines[0].split()[1])

    def hang_up(self):
        """Forget the connection."""
        if self.writer is not None:
            self.writer.close()
            self.writer = None


def voices(seed):
    """Yield (token, statement, vote) for ever: one new voice after another votes on everything."""
    import random

    chance = random.Random(seed)
    while True:
        token = secrets.token_urlsafe(32)
        for statement in range(1, STATEMENTS + 1):
            yield token, statement, chance.choice((-1, 0, 1))
