"""Django app `patients`."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "reprieve.clinic.patients"
