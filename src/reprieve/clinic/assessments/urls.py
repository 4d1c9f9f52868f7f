"""Addresses."""

from django.urls import path

from reprieve.clinic.assessments.views import decisions, definitions, intake, work

app_name = "assessments"
urlpatterns = [
    path("patients/<uuid:patient_id>/intake", intake.intake, name="intake"),
    path("patients/<uuid:patient_id>/candidacy", decisions.decision, name="decision"),
    path("patients/<uuid:patient_id>/cards/candidacy", decisions.card, name="card"),
    path("assessments/<uuid:assessment_id>/sign", decisions.sign, name="sign"),
    path("assessments/<uuid:assessment_id>/override", decisions.override, name="override"),
    path("patients/<uuid:patient_id>/candidacy/letter.pdf", work.letter, name="letter"),
    path("patients/<uuid:patient_id>/facts/settle", work.settle, name="settle"),
    path("patients/<uuid:patient_id>/self-check", work.self_check_invite, name="self_check_invite"),
    path("trial-definition", definitions.trial_definition, name="trial_definition"),
    path("deferral-steps/<uuid:step_id>/close", work.step_close, name="step_close"),
]
