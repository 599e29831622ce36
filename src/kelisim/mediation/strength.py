"""How strong passphrases are locked on this machine: measured once a process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from kelisim.mediation.keys.passphrase import Strength, calibrated


@cache
def strength() -> Strength:
    """Return the strength for new locks: ``PASSPHRASE_STRENGTH``, else what fits a second."""
    given: tuple[int, int] | None = getattr(settings, "PASSPHRASE_STRENGTH", None)
    return Strength(*given) if given else calibrated()
