"""``kelisim serve --video``: Janus comes with the site and goes with it, however it goes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kelisim.mediation.calls.janus import answers
from kelisim.mediation.calls.service import Service, service_of
from tests.conftest import absent
from tests.serving import fetched, free_port


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGKILL], ids=["asked", "killed"])
def test_janus_lives_as_long_as_the_site(tmp_path: Path, ended_by: signal.Signals) -> None:
    if shutil.which("janus") is None:
        absent("Janus (Debian package janus)")
    port = free_port()
    command = [sys.executable, "-c", "from kelisim.cli.main import run; run()", "serve", "--video"]
    command += ["--port", str(port), "--no-worker"]
    data = tmp_path / "data"
    environment = os.environ | {"KELISIM_DATA": str(data)}
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with (tmp_path / "said").open("wb") as said:
        site = subprocess.Popen(
            command, env=environment, stdout=said, stderr=said, start_new_session=True
        )
    try:
        fetched(f"http://127.0.0.1:{port}/healthz", going=lambda: site.poll() is None)
        service = service_of(data)
        assert service is not None
        assert until(service, answering=True)
        site.send_signal(ended_by)
        site.wait(timeout=90)
        assert until(service, answering=False)
        assert (service_of(data) is None) == (ended_by == signal.SIGINT)
    finally:
        # Workers of a server that was killed are of its session.
        subprocess.run(["pkill", "-KILL", "-s", str(site.pid)], check=False)
        site.wait()


def until(service: Service, *, answering: bool) -> bool:
    """Wait until Janus answers, or no longer does."""
    for _attempt in range(300):
        if answers(service) == answering:
            return True
        time.sleep(0.2)
    return False
