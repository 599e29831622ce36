"""Something that says it is a Janus, and fails whatever else it is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from kelisim.mediation.calls.service import Service


class Broken(BaseHTTPRequestHandler):
    """Answers as Janus does when its plug-in of rooms is gone."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = "server_info" if asked["janus"] == "info" else "error"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"janus": told}).encode())

    def log_message(self, *_told: object) -> None:
        """Say nothing: what it is asked holds tokens."""


@contextmanager
def failing() -> Iterator[Service]:
    """Run it for a test."""
    with HTTPServer(("127.0.0.1", 0), Broken) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield Service(port=server.server_port, token_secret="s", admin_key="k")  # noqa: S106  (of nothing that runs)
        server.shutdown()
