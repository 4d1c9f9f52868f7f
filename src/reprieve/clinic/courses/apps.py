"""Django app `courses`."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "reprieve.clinic.courses"
