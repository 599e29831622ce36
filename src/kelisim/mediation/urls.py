"""Addresses of mediation."""

from __future__ import annotations

from django.urls import path

from kelisim.mediation.views import (
    calls,
    case,
    feedback,
    follow,
    intake,
    invitations,
    keys,
    offers,
    people,
    register,
    rooms,
    rounds,
    text,
)

CASE = "cases/<slug:code>/"

urlpatterns = [
    path("", intake.front, name="mediation"),
    path("key/", keys.key, name="mediation-key"),
    path("key/recover/", keys.recover, name="mediation-recover"),
    path("leave/", keys.leave, name="mediation-leave"),
    path("ask/", intake.begin, name="mediation-begin"),
    path("statistics/", register.counts, name="mediation-statistics"),
    path("statistics/disputes.csv", register.weekly_counts, name="mediation-weekly"),
    path("i/<str:token>/", invitations.answer, name="mediation-invitation"),
    path("centres/<slug:slug>/register/", register.register, name="mediation-register"),
    path(
        "centres/<slug:slug>/register/<int:pk>/",
        register.credentials,
        name="mediation-credentials",
    ),
    path("centres/<slug:slug>/practice/", register.practice, name="mediation-practice"),
    path(CASE, case.case, name="mediation-case"),
    path(f"{CASE}screening/", intake.screening, name="mediation-screening"),
    path(f"{CASE}application/", intake.application, name="mediation-application"),
    path(f"{CASE}invite/", invitations.send, name="mediation-invite"),
    path(f"{CASE}invite/<int:pk>/", invitations.delivered, name="mediation-delivered"),
    path(f"{CASE}mediators/", case.mediators, name="mediation-mediators"),
    path(f"{CASE}conflicts/", case.conflicts, name="mediation-conflicts"),
    path(f"{CASE}say/", case.say, name="mediation-say"),
    path(f"{CASE}step/", case.step, name="mediation-step"),
    path(f"{CASE}agreement/", text.agreement, name="mediation-agreement"),
    path(f"{CASE}text/", text.text, name="mediation-text"),
    path(f"{CASE}papers/<int:pk>/", text.paper, name="mediation-paper"),
    path(f"{CASE}papers/<int:pk>/paper.<str:ending>", text.paper_file, name="mediation-paper-file"),
    path(f"{CASE}desk/", rooms.desk, name="mediation-desk"),
    path(f"{CASE}rooms/<slug:name>/", rooms.room, name="mediation-room"),
    path(f"{CASE}rooms/<slug:name>/after/<int:seq>/", rooms.after, name="mediation-after"),
    path(f"{CASE}rooms/<slug:name>/files/", rooms.upload, name="mediation-upload"),
    path(f"{CASE}rooms/<slug:name>/call/", calls.call, name="mediation-call"),
    path(f"{CASE}rooms/<slug:name>/call/join/", calls.join, name="mediation-call-join"),
    path(f"{CASE}rooms/<slug:name>/call/end/", calls.end, name="mediation-call-end"),
    path(f"{CASE}feedback/", feedback.feedback, name="mediation-feedback"),
    path(f"{CASE}offers/", offers.all_offers, name="mediation-offers"),
    path(f"{CASE}people/", people.people, name="mediation-people"),
    path(f"{CASE}files/<int:pk>/", rooms.document, name="mediation-document"),
    path(f"{CASE}issues/", rounds.issues, name="mediation-issues"),
    path(f"{CASE}rounds/", rounds.rounds, name="mediation-rounds"),
    path(f"{CASE}rounds/<int:pk>/", rounds.answer_round, name="mediation-answer-round"),
    path(f"{CASE}rounds/<int:pk>/end/", rounds.end, name="mediation-end-round"),
    path(f"{CASE}promises/", follow.promises, name="mediation-promises"),
    path(f"{CASE}promises/<int:pk>/", follow.promise, name="mediation-promise"),
    path(f"{CASE}meetings/", follow.meetings, name="mediation-meetings"),
    path(f"{CASE}meetings/<uuid:uid>.ics", follow.calendar, name="mediation-calendar"),
    path(f"{CASE}meetings/<uuid:uid>/cancel/", follow.cancel, name="mediation-cancel"),
]
