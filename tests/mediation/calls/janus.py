"""A Janus of one's own for a test, and somebody who talks to it as a browser would."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kelisim.mediation.calls.janus import answers
from kelisim.mediation.calls.service import Service
from kelisim.site.video import calls


@contextmanager
def running(data: Path) -> Iterator[Service]:
    """Run the service of calls on a data folder, and wait until it answers."""
    with calls(data, "") as service:
        for _attempt in range(600):
            if answers(service):
                break
            time.sleep(0.1)
        assert answers(service)
        yield service


class Caller:
    """Somebody with a session and a handle in Janus, past the door of the site."""

    def __init__(self, service: Service, entrance: str) -> None:
        self.service, self.entrance = service, entrance
        self.session = f"/{self.asks('', janus='create')['data']['id']}"
        told = self.asks(self.session, janus="attach", plugin="janus.plugin.videoroom")
        self.desk = f"{self.session}/{told['data']['id']}"

    def asks(self, path: str, **told: Any) -> dict[str, Any]:
        asked = {"transaction": "t", "token": self.entrance, **told}
        return self._sent("POST", f"/janus{path}", json.dumps(asked))

    def says(self, **body: Any) -> dict[str, Any]:
        """Ask the plug-in, and return what it answers at once or a moment later."""
        told = self.asks(self.desk, janus="message", body=body)
        while told["janus"] == "ack" or "plugindata" not in told:
            told = self._sent("GET", f"/janus{self.session}?token={quote(self.entrance, safe='')}")
        found: dict[str, Any] = told["plugindata"]["data"]
        return found

    def joins(self, room: str, pin: str, token: str, who: str = "1-x") -> dict[str, Any]:
        return self.says(request="join", ptype="publisher", room=room, pin=pin, token=token, id=who)

    def _sent(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        with closing(HTTPConnection("127.0.0.1", self.service.port, timeout=60)) as line:
            line.request(method, path, body)
            told: dict[str, Any] = json.loads(line.getresponse().read())
        return told
