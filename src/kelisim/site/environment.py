"""What the site takes from the environment, read once and checked."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kelisim.core.errors import SettingRefused


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings a person who runs the site may choose.

    Attributes
    ----------
    data
        The folder of the SQLite file, uploads and the secret key (``KELISIM_DATA``).
    database
        ``DATABASE_URL``; empty means SQLite in `data`.
    hosts
        Names the site answers to (``KELISIM_HOSTS``, separated by commas).
    debug
        ``KELISIM_DEBUG=1``: pages with tracebacks, for developers only.
    demo
        ``KELISIM_DEMO=1``: the first page shows the accounts that `kelisim demo` made.
    sms_url, sms_token, sms_fields
        ``KELISIM_SMS_URL``, ``KELISIM_SMS_TOKEN``, ``KELISIM_SMS_FIELDS``: the gateway of text
        messages, what it knows us by, and what it calls the number and the words.
    """

    data: Path
    database: str
    hosts: tuple[str, ...]
    debug: bool
    demo: bool = False
    sms_url: str = ""
    sms_token: str = ""
    sms_fields: tuple[str, str] = ("to", "text")


def read_environment() -> Environment:
    """Return the settings of this process's environment."""
    hosts = os.environ.get("KELISIM_HOSTS", "localhost,127.0.0.1,[::1]")
    return Environment(
        data=Path(os.environ.get("KELISIM_DATA", "kelisim-data")).resolve(),
        database=os.environ.get("DATABASE_URL", ""),
        hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        debug=os.environ.get("KELISIM_DEBUG") == "1",
        demo=os.environ.get("KELISIM_DEMO") == "1",
        sms_url=sms_url(os.environ.get("KELISIM_SMS_URL", "")),
        sms_token=os.environ.get("KELISIM_SMS_TOKEN", ""),
        sms_fields=sms_fields(os.environ.get("KELISIM_SMS_FIELDS", "to,text")),
    )


def sms_url(text: str) -> str:
    """Return the address of a gateway; a number and a link do not go over an open line.

    Raises
    ------
    SettingRefused
        It is neither ``https`` nor on this machine.
    """
    url = urlsplit(text)
    here = url.hostname in ("localhost", "127.0.0.1", "::1")
    if not text or url.scheme == "https" or (url.scheme == "http" and here):
        return text
    raise SettingRefused(
        "The gateway of text messages is not reached by https.",
        where="KELISIM_SMS_URL",
        do="Write its https address, or leave it unset: the text is shown to be sent by hand.",
    )


def sms_fields(text: str) -> tuple[str, str]:
    """Return what a gateway calls the number and the words.

    Raises
    ------
    SettingRefused
        These are not two names.
    """
    names = tuple(part.strip() for part in text.split(","))
    if len(names) != 2 or not all(names):
        raise SettingRefused(
            "Two names were expected, of the number and of the words.",
            where="KELISIM_SMS_FIELDS",
            do="Write them with a comma between, as to,text.",
        )
    return names[0], names[1]


def secret_key(data: Path) -> str:
    """Return the site's secret, made on first use and readable by its owner alone."""
    given = os.environ.get("KELISIM_SECRET_KEY")
    if given:
        return given
    data.mkdir(parents=True, exist_ok=True)
    path = data / "secret-key"
    if not path.exists():
        # Two processes may start at once: the name appears with its content, and the first wins.
        draft = data / f".secret-key-{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def database(environment: Environment) -> dict[str, object]:
    """Return Django's description of the database.

    Raises
    ------
    SettingRefused
        ``DATABASE_URL`` names neither PostgreSQL nor SQLite.
    """
    if not environment.database:
        return _sqlite(environment.data / "kelisim.sqlite3")
    url = urlsplit(environment.database)
    if url.scheme == "sqlite":
        return _sqlite(Path(unquote(url.path[1:])))
    if url.scheme not in ("postgres", "postgresql"):
        raise SettingRefused(
            f"The database kind '{url.scheme}' is not known.",
            where="DATABASE_URL",
            do="Write postgresql://name:password@host:5432/database, or leave it unset for SQLite.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        # IMMEDIATE takes the write lock when a transaction opens: two writers queue for it
        # instead of both reading first and one of them failing when it comes to write.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
