"""Every test of mediation begins in Kazakh, whatever page a test before it asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_kazakh() -> Iterator[None]:
    with translation.override("kk"):
        yield
