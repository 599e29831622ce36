"""What tests of fieldwork may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kelisim.intake import submissions


@pytest.fixture(autouse=True)
def let_the_database_go() -> Iterator[None]:
    """End the thread of the group commit, whose connection would outlive the test's database."""
    yield
    submissions.close()
