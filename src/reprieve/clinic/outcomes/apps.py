"""Django app `outcomes`."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "reprieve.clinic.outcomes"
