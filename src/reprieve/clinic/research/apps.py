"""Django app `research`."""

from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "reprieve.clinic.research"
