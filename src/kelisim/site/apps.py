"""The site app: pages that belong to no room."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Front page, errors, words of libraries in Kazakh."""

    name = "kelisim.site"
    label = "site"
