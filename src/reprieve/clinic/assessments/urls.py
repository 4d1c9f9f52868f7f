"""Addresses."""

from django.urls import path

from reprieve.clinic.assessments import views

app_name = "assessments"
urlpatterns = [
    path("patients/<uuid:patient_id>/intake", views.intake, name="intake"),
    path("patients/<uuid:patient_id>/candidacy", views.decision, name="decision"),
    path("patients/<uuid:patient_id>/cards/candidacy", views.card, name="card"),
    path("assessments/<uuid:assessment_id>/sign", views.sign, name="sign"),
    path("assessments/<uuid:assessment_id>/override", views.override, name="override"),
]
