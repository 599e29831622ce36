"""Addresses: every page under its language, the API and the switch beside them."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kelisim.fieldwork.views import worker
from kelisim.site import views
from kelisim.site.api import api

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("api/", api.urls),
    path("fieldwork-worker.js", worker, name="fieldwork-worker"),
    path("openrosa/", include("kelisim.fieldwork.openrosa.urls")),
    *i18n_patterns(
        path("", views.front, name="front"),
        path("accounts/", include("allauth.urls")),
        path("organisations/", include("kelisim.accounts.urls")),
        path("fieldwork/", include("kelisim.fieldwork.urls")),
        path("mediation/", include("kelisim.mediation.urls")),
        path("consultations/", include("kelisim.consultations.urls")),
        path("organisations/<slug:house>/studies/", include("kelisim.results.urls")),
        path("", include("kelisim.surveys.urls")),
    ),
]
handler404 = "kelisim.site.views.not_found"
handler500 = "kelisim.site.views.broken"
