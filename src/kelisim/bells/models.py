"""The one table of bells."""

from __future__ import annotations

from django.db import models


class Bell(models.Model):
    """How often something changed in a channel. It says that, and never what.

    The change itself is a row of the app that owns it; a page that hears the bell asks for what is
    new through that app's gatekeeper. A stream that is cut therefore loses nothing.
    """

    channel = models.CharField(max_length=120, primary_key=True)
    rung = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.channel} {self.rung}"
