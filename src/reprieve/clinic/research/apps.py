"""Django app `research`."""

from importlib import import_module

from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "reprieve.clinic.research"

    def ready(self) -> None:
        """Make the jobs known to the queue."""
        import_module("reprieve.clinic.research.jobs")
