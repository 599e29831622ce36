"""The service of calls: where it listens and what it was told to trust, as its starter wrote it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "service.json"


@dataclass(frozen=True, slots=True)
class Service:
    """A Janus that runs beside the site, and lives as long as it.

    Attributes
    ----------
    port
        Where Janus listens, on the loopback alone: the site's own door stands before it.
    token_secret
        Signs what Janus accepts a request by.
    admin_key
        Without it Janus makes no room.
    relay
        Addresses of the relay (``turn:host:port``), empty where none runs.
    relay_secret
        Signs the passwords of the relay.
    """

    port: int
    token_secret: str
    admin_key: str
    relay: tuple[str, ...] = ()
    relay_secret: str = ""


def folder(data: Path) -> Path:
    """Return where the service keeps its files, in the data folder of the site."""
    return data / "video"


def written(data: Path, service: Service) -> Path:
    """Write the service down for the site, readable by its owner alone, and return the file."""
    path = folder(data) / FILE
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(service)))
    return path


def service_of(data: Path) -> Service | None:
    """Return the service that was started on this data folder, or None."""
    try:
        told = json.loads((folder(data) / FILE).read_text())
    except FileNotFoundError:
        return None
    return Service(**(told | {"relay": tuple(told["relay"])}))
