"""Addresses that patients use: their home page, and questionnaires with and without sign-in."""

from django.urls import path

from reprieve.clinic.portal import views
from reprieve.clinic.portal.how_it_works import how_it_works

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("questionnaires/<uuid:invitation_id>", views.questionnaire, name="questionnaire"),
    path("questionnaires/<uuid:invitation_id>/thanks", views.questionnaire_thanks, name="questionnaire_thanks"),
    path("how-it-works", how_it_works, name="how_it_works"),
    path("q/<str:token>", views.answer, name="answer"),
    path("q/<str:token>/thanks", views.thanks, name="thanks"),
]
