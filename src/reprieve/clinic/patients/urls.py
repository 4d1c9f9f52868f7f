"""Addresses."""

from django.urls import path

from reprieve.clinic.patients import views

app_name = "patients"
urlpatterns = [
    path("", views.patient_list, name="list"),
    path("new", views.patient_new, name="new"),
    path("import", views.import_page, name="import"),
    path("import/<uuid:document_id>", views.import_status, name="import_status"),
    path("<uuid:patient_id>", views.patient_detail, name="detail"),
    path("<uuid:patient_id>/consents", views.consent, name="consent"),
]
