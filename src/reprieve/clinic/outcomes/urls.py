"""Addresses of tasks, scores and the response view."""

from django.urls import path

from reprieve.clinic.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("tasks", views.tasks, name="tasks"),
    path("tasks/<uuid:task_id>/close", views.task_close, name="task_close"),
    path("patients/<uuid:patient_id>/trend", views.trend, name="trend"),
    path("patients/<uuid:patient_id>/invite", views.invite, name="invite"),
    path("patients/<uuid:patient_id>/cards/scores", views.card, name="card"),
    path("questionnaires/<uuid:response_id>", views.response, name="response"),
]
