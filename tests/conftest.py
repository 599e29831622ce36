"""What every test may ask for: the shared data beside the checkout, and the golden results."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, Protocol

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import HealthCheck, settings

SHARED = Path(
    os.environ.get("KELISIM_SHARED", Path(__file__).resolve().parents[2] / "shared")
).resolve()

# No test asserts a time: on a machine with other work a law of numbers would fail by the clock.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def absent(what: str) -> NoReturn:
    """Skip by name where something is not on this machine; fail where nothing may be skipped."""
    if os.environ.get("KELISIM_REQUIRE_ALL"):
        pytest.fail(f"{what} is absent, and KELISIM_REQUIRE_ALL is set")
    pytest.skip(f"{what} is absent")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real inputs and reference results beside the checkout."""
    if not SHARED.is_dir():
        absent(f"the shared data folder {SHARED}")
    return SHARED


class Golden(Protocol):
    """Reads one reference file: ``golden("survey/taylor_api.json")``."""

    def __call__(self, name: str) -> Any: ...


@pytest.fixture(scope="session")
def golden(shared: Path) -> Golden:
    """Return a reader of the reference results."""

    def read(name: str) -> Any:
        return json.loads((shared / "golden" / name).read_text(encoding="utf-8"))

    return read


LASTING = {"django_content_type", "auth_permission"}
"""What a flush would empty only for Django to write the same rows anew."""


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    """Empty only the tables of PostgreSQL that a test filled.

    Django truncates every table after each test with transactions of its own. PostgreSQL writes a
    new file for each and waits for the disk: seconds a test, where few tables hold a row at all.
    """

    def flush(
        operations: DatabaseOperations, style: object, tables: list[str], **_ignored: bool
    ) -> list[str]:
        quoted = {table: operations.quote_name(table) for table in tables if table not in LASTING}
        if not quoted:
            return []
        # Names of tables come from Django's own models: S608 knows no such source.
        held = (
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608  (see above)
            for table, name in quoted.items()
        )
        with operations.connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(held))
            filled = [table for (table,) in cursor.fetchall()]
        return [f"DELETE FROM {quoted[table]}" for table in filled]  # noqa: S608  (see above)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", flush)
        yield
