"""The audit log app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditLogConfig(AppConfig):
    """Who did what and when."""

    name = "kelisim.auditlog"
    label = "auditlog"
