"""Addresses that a device fetches from; what it sends goes to the door of `intake`."""

from __future__ import annotations

from django.urls import path

from kelisim.fieldwork.openrosa import views

urlpatterns = [
    path("<str:token>/formList", views.forms, name="openrosa-forms"),
    path("<str:token>/forms/<int:number>.xml", views.form, name="openrosa-form"),
    path("<str:token>/forms/<int:number>/manifest", views.files, name="openrosa-manifest"),
    path("<str:token>/forms/<int:number>/media/<path:name>", views.media, name="openrosa-media"),
]
