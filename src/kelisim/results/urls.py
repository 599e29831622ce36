"""Addresses of studies and what they found."""

from __future__ import annotations

from django.urls import path

from kelisim.results import views

urlpatterns = [
    path("", views.studies, name="studies"),
    path("new/", views.open_new, name="open-study"),
    path("of/<slug:survey>/", views.of_survey, name="study-of-survey"),
    path("<slug:slug>/", views.study, name="study"),
    path("<slug:slug>/run/", views.run_study, name="run-study"),
    path("<slug:slug>/runs/<int:number>/", views.run, name="run"),
    path("<slug:slug>/runs/<int:number>/<int:place>/", views.indicator, name="indicator"),
    path("<slug:slug>/runs/<int:number>/scorecard/", views.scorecard, name="scorecard"),
    path("<slug:slug>/runs/<int:number>/files/<str:name>", views.file, name="release-file"),
]
