"""Django app `patients`."""

from importlib import import_module

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "reprieve.clinic.patients"

    def ready(self) -> None:
        """Make the jobs known to the queue."""
        import_module("reprieve.clinic.patients.jobs")
