"""Django app `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "reprieve.clinic.api"
