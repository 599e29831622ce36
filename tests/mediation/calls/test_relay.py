"""The relay of calls, for networks that let nothing else through: a real coturn."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kelisim.mediation.calls.service import Service
from kelisim.mediation.calls.tokens import password
from kelisim.site.video import calls
from tests.conftest import absent
from tests.serving import free_port

SENT = "tot_send_msgs=20, tot_recv_msgs=20"


def address() -> str:
    """Return a number of this machine that is not the loopback: to that a relay never leads."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as line:
        try:
            line.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            absent("A network address of this machine")
        number: str = line.getsockname()[0]
        return number


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Service]:
    if shutil.which("turnserver") is None or shutil.which("janus") is None:
        absent("The relay (Debian packages coturn and janus)")
    with calls(tmp_path, address(), free_port()) as service:
        host, port = service.relay[0].split(":")[1:3]
        for _attempt in range(200):
            with closing(socket.socket()) as line:
                if line.connect_ex((host, int(port.partition("?")[0]))) == 0:
                    break
            time.sleep(0.1)
        yield service


def carried(relay: Service, name: str, word: str, *more: str) -> str:
    """Return what coturn's own client says of 20 messages through the relay."""
    host, port = relay.relay[0].split(":")[1:3]
    command = ["turnutils_uclient", "-n", "5", "-m", "1", "-u", name, "-w", word, *more]
    command += ["-p", port.partition("?")[0], host]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return told.stdout


def test_the_relay_carries_what_has_its_password(relay: Service) -> None:
    until = int(time.time()) + 600
    assert SENT in carried(relay, *password(relay.relay_secret, until=until), "-y")


def test_the_relay_refuses_a_wrong_and_an_old_password(relay: Service) -> None:
    until = int(time.time()) + 600
    assert SENT not in carried(relay, *password("another secret", until=until), "-y")
    old = password(relay.relay_secret, until=until - 1200)
    assert SENT not in carried(relay, *old, "-y")


def test_the_relay_leads_to_no_other_machine(relay: Service) -> None:
    given = password(relay.relay_secret, until=int(time.time()) + 600)
    assert SENT not in carried(relay, *given, "-e", "10.0.0.1")
