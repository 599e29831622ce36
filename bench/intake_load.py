"""What the benchmark and the soak of the intake share: a site with a survey, its server, a crowd.

Everything is on the loopback and bounded: so many interviews, over so many connections.
"""

import asyncio
import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from contextlib import closing, contextmanager, suppress
from pathlib import Path

WORDS = ["Әкімдік", "тұрғындардың", "сұрағына", "жауап", "берді", "жол", "жөнделді", "су", "жоқ"]
HERE = Path(__file__).resolve().parent
CONNECTIONS = 64
PATIENCE = 60


def environment(folder, database=None):
    """Return the environment of a site of its own."""
    url = database or f"sqlite:///{Path(folder).resolve()}/intake.sqlite3"
    return os.environ | {
        "KELISIM_DATA": str(folder),
        "DATABASE_URL": url,
        "KELISIM_SECRET_KEY": "of a benchmark",
        "DJANGO_SETTINGS_MODULE": "kelisim.site.settings",
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent / "src")]),
    }


PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from kelisim.accounts.models import Organisation
from kelisim.fieldwork.models import Device
from kelisim.fieldwork.tokens import token_of
from kelisim.surveys.models import Questionnaire, Survey
from django.utils import timezone
house = Organisation.objects.create(slug="house", name_kk="house")
survey = Survey.objects.create(organisation=house, slug="s", state="open")
xform = '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"/>'
Questionnaire.objects.create(survey=survey, number=1, form_id="omnibus", version="1", source=b"",
    source_name="", xform=xform, digest="0" * 64, published_at=timezone.now())
print(token_of(Device.objects.create(survey=survey, name="tablet")))
"""
COUNT = """
import django; django.setup()
from kelisim.surveys.models import Submission
print("\\n".join(Submission.objects.values_list("instance_id", flat=True)))
"""


def python(code, told):
    """Run a little program in the site's environment and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code], env=told, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def interview(rng):
    """Return the number and the body of an interview of about 6 kB, with its Content-Type."""
    number = f"uuid:{uuid.UUID(int=rng.getrandbits(128), version=4)}"
    answers = "".join(
        f"<q{n}>{rng.randrange(9)} {' '.join(rng.choices(WORDS, k=4))}</q{n}>" for n in range(60)
    )
    xml = (
        f'<?xml version="1.0"?><data id="omnibus" version="1">{answers}'
        '<orx:meta xmlns:orx="http://openrosa.org/xforms">'
        f"<orx:instanceID>{number}</orx:instanceID></orx:meta></data>"
    ).encode()
    body = (
        b'--kelisim\r\nContent-Disposition: form-data; name="xml_submission_file"; '
        b'filename="i.xml"\r\nContent-Type: text/xml\r\n\r\n' + xml + b"\r\n--kelisim--\r\n"
    )
    return number, body


def request(path, body):
    """Return a whole request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-OpenRosa-Version: 1.0\r\n"
        "Content-Type: multipart/form-data; boundary=kelisim\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def serving(app, told, log):
    """Serve an ASGI application by granian, one worker, in a process group of its own."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "asgi"]
    command += ["--host", "127.0.0.1", "--port", str(port), app]
    with Path(log).open("ab") as out:
        server = subprocess.Popen(command, env=told, stdout=out, stderr=out, start_new_session=True)
    try:
        _up(port, server, log)
        yield port, server
    finally:
        kill(server)


def kill(server):
    """Kill the server and its workers as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _up(port, server, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz").close()
            break
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.05)
    else:
        raise RuntimeError(f"the server did not come up: {Path(log).read_text()[-2000:]}")


def cpu_seconds(server):
    """Return the processor time of the server's process group so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == server.pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_mb(server):
    """Return the largest resident memory of a process of the server."""
    peaks = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            group = (status.parent / "stat").read_text().rpartition(")")[2].split()[2]
        except OSError:
            continue
        if int(group) == server.pid:
            peaks.append(int(lines.get("VmHWM", "0 kB").split()[0]) / 1024)
    return max(peaks)


async def crowd(port, requests, acknowledged, connections=CONNECTIONS):
    """Send requests over so many connections and return the seconds each took.

    `requests` yields (number, bytes); a number is appended to `acknowledged` once 201 came whole.
    A connection that ends stops its sender: the server was killed.
    """
    taken = []
    work = iter(requests)

    async def sender():
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return
        try:
            for number, text in work:
                start = time.perf_counter()
                writer.write(text)
                head = await reader.readuntil(b"\r\n\r\n")
                low = head.lower()
                length = int(low.partition(b"content-length:")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
                taken.append(time.perf_counter() - start)
                if head.split(b" ", 2)[1] == b"201":
                    acknowledged.append(number)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    await asyncio.gather(*(sender() for _ in range(connections)))
    return taken


def run(app, folder, answer, version):
    """Run the benchmark against an application and print what it took."""
    work = json.loads((folder / "intake.json").read_text())
    rng = random.Random(work["seed"])
    place = folder / hashlib.sha256(app.encode()).hexdigest()[:8]
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    told = environment(place)
    path = f"/openrosa/{python(PREPARE, told)}/submission"
    several = [interview(rng) for _ in range(work["interviews"])]
    sent = [(number, request(path, body)) for number, body in several]
    acknowledged = []
    with serving(app, told, place / "server.log") as (port, server):
        asyncio.run(crowd(port, [(n, t) for n, t in sent[:64]], []))
        cpu, wall = cpu_seconds(server), time.perf_counter()
        taken = asyncio.run(crowd(port, sent[64:], acknowledged, work["connections"]))
        seconds, spent = time.perf_counter() - wall, cpu_seconds(server) - cpu
        memory = peak_mb(server)
    rows = set(python(COUNT, told).split("\n"))
    taken.sort()
    facts = {
        "accepted": len(acknowledged),
        "errors": len(sent) - 64 - len(acknowledged),
        "lost": len(set(acknowledged) - rows),
        "a_cpu_second": len(acknowledged) / spent,
        "a_second": len(acknowledged) / seconds,
        "p50_ms": taken[len(taken) // 2] * 1000,
        "p99_ms": taken[int(len(taken) * 0.99)] * 1000,
        "server_mb": memory,
    }
    import numpy as np

    same = [facts["accepted"] + facts["errors"], facts["lost"], len(rows) < len(acknowledged)]
    np.asarray(same, dtype="<f8").tofile(answer)
    print(
        json.dumps({"version": version, "seconds": seconds, "cpu_seconds": spent, "facts": facts})
    )
