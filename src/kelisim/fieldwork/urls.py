"""Addresses of fieldwork."""

from __future__ import annotations

from django.urls import path

from kelisim.fieldwork import supervision, views

urlpatterns = [
    path("", views.day, name="day"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/interview/", views.interview, name="interview"),
    path("units/<int:pk>/contact/", views.contact, name="unit-contact"),
    path("psus/<int:pk>/assign/", supervision.assign, name="assign-psu"),
    path("devices/<int:pk>/", supervision.device, name="device"),
    path("devices/<int:pk>/off/", supervision.revoke, name="revoke-device"),
    path("kept/<int:pk>/file/", supervision.kept_file, name="kept-file"),
    path("kept/<int:pk>/settle/", supervision.settle, name="settle"),
    path("interviews/<int:pk>/reject/", supervision.reject, name="reject-interview"),
    path("interviews/<int:pk>/restore/", supervision.restore, name="restore-interview"),
    path("back-checks/<int:pk>/", supervision.back_check, name="back-check"),
    path("<slug:house>/<slug:slug>/", supervision.board, name="fieldwork"),
    path("<slug:house>/<slug:slug>/next/", views.next_number, name="next-number"),
    path("<slug:house>/<slug:slug>/sample/", supervision.sample, name="sample"),
    path("<slug:house>/<slug:slug>/devices/", supervision.devices, name="devices"),
    path("<slug:house>/<slug:slug>/quotas/", supervision.quotas, name="quotas"),
    path("<slug:house>/<slug:slug>/interviews/", supervision.interviews, name="interviews"),
    path("<slug:house>/<slug:slug>/kept/", supervision.kept, name="kept"),
    path("<slug:house>/<slug:slug>/back-checks/", supervision.back_checks, name="back-checks"),
]
