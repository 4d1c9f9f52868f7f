"""Django app `visits`."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "reprieve.clinic.visits"
