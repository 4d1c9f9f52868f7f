"""Addresses. CDS Hooks fixes them: `{base}/cds-services/{id}`."""

from django.urls import path

from reprieve.clinic.api import views

app_name = "api"
urlpatterns = [
    path("cds-services", views.discovery, name="cds_discovery"),
    path("cds-services/<slug:service_id>", views.hook, name="cds_hook"),
    path("cds-services/<slug:service_id>/feedback", views.feedback, name="cds_feedback"),
]
