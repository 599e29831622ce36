"""Names of the bells that fieldwork rings."""

from __future__ import annotations


def fieldwork(survey: int) -> str:
    """Return the channel of everything that happens in the fieldwork of a survey."""
    return f"fieldwork:{survey}"
