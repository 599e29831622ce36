"""Addresses of consultations."""

from __future__ import annotations

from django.urls import path

from kelisim.consultations.views import (
    about,
    answering,
    framing,
    moderating,
    reading,
    running,
    taking_part,
)

urlpatterns = [
    path("", reading.consultations, name="consultations"),
    path("manage/of/<slug:house>/", running.of_organisation, name="consultations-of"),
    path("manage/owed/", answering.owed, name="owed-answers"),
    path("manage/owed/<int:pk>/", answering.answer, name="owed-answer"),
    path("manage/<slug:slug>/", running.run, name="run-consultation"),
    path("manage/<slug:slug>/draft/", running.draft, name="add-draft"),
    path("manage/<slug:slug>/clause/", running.clause, name="write-clause"),
    path("manage/<slug:slug>/statement/", running.statement, name="seed-statement"),
    path("manage/<slug:slug>/codes/", running.codes, name="make-codes"),
    path("manage/<slug:slug>/group/<str:letter>/", running.group, name="name-group"),
    path("manage/<slug:slug>/owe/", running.owed, name="owe-answers"),
    path("manage/<slug:slug>/population/", about.population, name="set-population"),
    path("manage/<slug:slug>/entry/", running.entry, name="consultation-entry"),
    path("manage/<slug:slug>/queue/", moderating.queue, name="consultation-queue"),
    path("manage/<slug:slug>/queue/<int:number>/", moderating.decide, name="decide-statement"),
    path(
        "manage/<slug:slug>/queue/<int:number>/wording/", moderating.wording, name="word-statement"
    ),
    path("manage/<slug:slug>/appeals/<int:pk>/", moderating.decide_appeal, name="judge-appeal"),
    path("<slug:slug>/", taking_part.consultation, name="consultation"),
    path("<slug:slug>/vote/", taking_part.vote, name="consultation-vote"),
    path("<slug:slug>/results/", taking_part.results_part, name="consultation-results"),
    path("<slug:slug>/join/", taking_part.join, name="consultation-join"),
    path("<slug:slug>/statement/", taking_part.add_statement, name="add-statement"),
    path("<slug:slug>/statement/<int:number>/appeal/", taking_part.appeal, name="appeal-statement"),
    path("<slug:slug>/about/", about.about, name="consultation-about"),
    path("<slug:slug>/follow/", taking_part.follow, name="follow-consultation"),
    path("<slug:slug>/answers/", reading.answers, name="consultation-answers"),
    path("<slug:slug>/moderation/", reading.moderation, name="consultation-moderation"),
    path("<slug:slug>/read/<str:key>/", reading.shared, name="consultation-shared"),
    path("<slug:slug>/data/<str:name>", reading.data, name="consultation-data"),
    path("<slug:slug>/report.html", reading.report, {"kind": "html"}, name="consultation-report"),
    path("<slug:slug>/report.pdf", reading.report, {"kind": "pdf"}, name="consultation-print"),
    path("<slug:slug>/embed/", framing.embed, name="consultation-embed"),
    path("<slug:slug>/embed/vote/", framing.embed_vote, name="consultation-embed-vote"),
]
