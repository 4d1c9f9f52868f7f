"""All addresses."""

from django.urls import include, path

from reprieve.clinic.config import views
from reprieve.clinic.portal.views import self_check

urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("accounts/password/reset/", views.no_mail, name="no_password_mail"),
    path("accounts/email/", views.no_mail, name="no_mail_addresses"),
    path("accounts/", include("allauth.urls")),
    path("patients/", include("reprieve.clinic.patients.urls")),
    path("", include("reprieve.clinic.assessments.urls")),
    path("", include("reprieve.clinic.outcomes.urls")),
    path("", include("reprieve.clinic.courses.urls")),
    path("", include("reprieve.clinic.visits.urls")),
    path("devices/", include("reprieve.clinic.devices.urls")),
    path("self-check", self_check.open_page, name="self_check"),
    path("my/", include("reprieve.clinic.portal.urls")),
    path("registry/", include("reprieve.clinic.research.urls")),
    path("", include("reprieve.clinic.api.urls")),
]
handler403 = "reprieve.clinic.config.views.no_permission"
handler404 = "reprieve.clinic.config.views.not_found"
handler500 = "reprieve.clinic.config.views.server_error"
