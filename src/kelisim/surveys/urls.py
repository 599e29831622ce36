"""Addresses of surveys: inside an organisation, and of the people who answer."""

from __future__ import annotations

from django.urls import path

from kelisim.surveys import views, views_answers, views_fill

urlpatterns = [
    path("organisations/<slug:house>/surveys/", views.surveys, name="surveys"),
    path("organisations/<slug:house>/surveys/<slug:slug>/", views.survey, name="survey"),
    path("organisations/<slug:house>/surveys/<slug:slug>/state/", views.move, name="survey-state"),
    path(
        "organisations/<slug:house>/surveys/<slug:slug>/import/",
        views.take_in,
        name="survey-import",
    ),
    path(
        "organisations/<slug:house>/surveys/<slug:slug>/versions/<int:number>/",
        views.version,
        name="survey-version",
    ),
    path(
        "organisations/<slug:house>/surveys/<slug:slug>/versions/<int:number>/publish/",
        views.publish,
        name="survey-publish",
    ),
    path("organisations/<slug:house>/surveys/<slug:slug>/links/", views.links, name="survey-links"),
    path(
        "organisations/<slug:house>/surveys/<slug:slug>/answers/",
        views_answers.answers,
        name="survey-answers",
    ),
    path(
        "organisations/<slug:house>/surveys/<slug:slug>/answers/<uuid:job>/",
        views_answers.download,
        name="survey-download",
    ),
    path(
        "organisations/<slug:house>/survey-example/", views_answers.example, name="survey-example"
    ),
    path("q/<str:secret>/", views_fill.begin, name="answer-begin"),
    path("q/<str:secret>/thanks/", views_fill.thanks, name="answer-thanks"),
    path("q/<str:secret>/picture/<str:name>", views_fill.picture, name="answer-picture"),
    path("q/<str:secret>/at/<path:place>", views_fill.answer, name="answer"),
]
