"""Addresses that patients use: their home page, and questionnaires with and without sign-in."""

from django.urls import path

from reprieve.clinic.portal.how_it_works import how_it_works
from reprieve.clinic.portal.views import questionnaires, self_check

app_name = "portal"
urlpatterns = [
    path("", questionnaires.home, name="home"),
    path("questionnaires/<uuid:invitation_id>", questionnaires.questionnaire, name="questionnaire"),
    path(
        "questionnaires/<uuid:invitation_id>/thanks", questionnaires.questionnaire_thanks, name="questionnaire_thanks"
    ),
    path("how-it-works", how_it_works, name="how_it_works"),
    path("q/<str:token>", questionnaires.answer, name="answer"),
    path("q/<str:token>/thanks", questionnaires.thanks, name="thanks"),
    path("self-check/<str:token>", self_check.by_link, name="self_check"),
]
