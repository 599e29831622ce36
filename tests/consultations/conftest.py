"""The scene of the tests of consultations: people in roles, and one consultation that is open."""

from __future__ import annotations

import pytest

from kelisim.accounts.roles import Role
from kelisim.consultations.models import Consultation
from tests.consultations.making import asked
from tests.web import Cast, cast


@pytest.fixture
def scene(db: None) -> Cast:
    return cast()


@pytest.fixture
def traffic(scene: Cast) -> Consultation:
    return asked(scene.house, scene.of(Role.RESEARCHER))
