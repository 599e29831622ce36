"""Addresses of organisations and their people."""

from __future__ import annotations

from django.urls import path

from kelisim.accounts import views

urlpatterns = [
    path("<slug:slug>/", views.organisation, name="organisation"),
    path("<slug:slug>/people/", views.people, name="people"),
    path("<slug:slug>/people/<int:pk>/remove/", views.remove, name="remove-role"),
    path("<slug:slug>/log/", views.log, name="organisation-log"),
]
