"""Pages of one's own account, which django-allauth brings: they open, and they work under our content policy."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from factories import make_clinic, make_patient, make_user

pytestmark = pytest.mark.django_db
PHRASE = "a long pass phrase"
OPENED_SIGNED_IN = [
    "mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "account_change_password",
    "account_reauthenticate", "account_logout",
]  # fmt: skip
INLINE = re.compile(r"<script(?![^>]*(?:src=|application/json))|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)


@pytest.fixture
def own_client() -> Client:
    """Somebody who has just typed the password again, as these pages ask."""
    user = make_user(make_clinic())
    user.set_password(PHRASE)
    user.save()
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PHRASE})
    client.post(reverse("account_reauthenticate"), {"password": PHRASE})
    return client


@pytest.mark.parametrize("name", OPENED_SIGNED_IN)
def test_pages_of_an_account_open_without_inline_script_or_style(own_client, name):
    page = own_client.get(reverse(name))
    assert page.status_code == 200
    assert not INLINE.findall(page.content.decode())


def test_recovery_codes_open_once_there_is_a_second_step(own_client):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = make_user(make_clinic())
    own_client.force_login(user)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    assert Authenticator.objects.filter(user=user).count() == 2
    assert own_client.get(reverse("mfa_index")).status_code == 200


@pytest.mark.parametrize("name", ["account_reset_password", "account_email"])
def test_pages_that_would_send_mail_say_that_there_is_none(client, name):
    for answer in (client.get(reverse(name)), client.post(reverse(name), {"email": "ada@harbor.example"})):
        assert answer.status_code == 404
        assert "sends no mail" in answer.content.decode()


def test_pages_of_somebody_signed_in_leave_no_copy_in_the_browser(client):
    clinic = make_clinic()
    client.force_login(make_user(clinic))
    for path in (reverse("patients:list"), reverse("patients:detail", args=[make_patient(clinic).pk])):
        assert "no-store" in client.get(path).headers["Cache-Control"]
    assert '"historyCacheSize": 0' in client.get(reverse("patients:list")).content.decode()


def test_sign_in_leads_nowhere_else(client):
    user = make_user(make_clinic())
    user.set_password(PHRASE)
    user.save()
    fields = {"login": user.username, "password": PHRASE, "next": "https://elsewhere.example/"}
    assert client.post(reverse("account_login"), fields).headers["Location"] == "/"
