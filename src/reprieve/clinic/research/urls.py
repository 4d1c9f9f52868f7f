"""Addresses."""

from django.urls import path

from reprieve.clinic.research import views

app_name = "research"
urlpatterns = [path("", views.dashboard, name="dashboard")]
