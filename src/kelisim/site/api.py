"""The API at ``/api``: a router an app, described at ``/api/openapi.json``."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.security import django_auth

from kelisim.accounts.api import router as organisations
from kelisim.consultations.api import router as consultations
from kelisim.fieldwork.api import router as fieldwork
from kelisim.results.api import router as results
from kelisim.surveys.api import router as surveys

api = NinjaAPI(
    title="Kelisim",
    version="1",
    description="What the pages show, for programs. Sign in as on the site; rights are the same.",
    # The viewers that come with the library load scripts from elsewhere; the description is enough.
    docs_url=None,
    auth=django_auth,
)
api.add_router("/organisations", organisations)
api.add_router("/surveys", surveys)
api.add_router("/fieldwork", fieldwork)
api.add_router("/results", results)
api.add_router("/consultations", consultations)
