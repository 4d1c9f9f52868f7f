"""Addresses."""

from django.urls import path

from reprieve.clinic.devices import views

app_name = "devices"
urlpatterns = [
    path("quarantine", views.quarantine, name="quarantine"),
    path("quarantine/<int:entry_id>", views.quarantine_detail, name="quarantine_detail"),
    path("quarantine/<int:entry_id>/close", views.close, name="quarantine_close"),
]
