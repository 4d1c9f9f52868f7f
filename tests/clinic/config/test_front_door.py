"""Sign-in, the first page of each role, error pages and headers."""

from decimal import Decimal

import pytest
from django.urls import reverse
from factories import make_clinic, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.accounts.services import clinic_create, user_create

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "url_name"),
    [
        (Role.PRESCRIBER, "visits:board"),
        (Role.NURSE, "visits:board"),
        (Role.FRONT_DESK, "patients:list"),
        (Role.PATIENT, "portal:home"),
    ],
)
def test_each_role_starts_where_its_day_starts(client, role, url_name):
    client.force_login(make_user(make_clinic(), role))
    assert client.get("/").headers["Location"] == reverse(url_name)


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))


def test_signing_in_with_a_password(client):
    clinic = clinic_create(name="Harbor", slug="harbor", time_zone="America/Chicago")
    user_create(clinic=clinic, username="ada", role=Role.NURSE, password="a long pass phrase", credential="RN")
    answer = client.post(reverse("account_login"), {"login": "ada", "password": "a long pass phrase"})
    assert answer.headers["Location"] == "/"
    assert int(client.session["_auth_user_id"].replace("-", ""), 16) > 0
    assert "Successfully" not in client.get("/", follow=True).content.decode()


def test_a_wrong_password_gets_one_sentence(client):
    page = client.post(reverse("account_login"), {"login": "ada", "password": "nope"})
    assert 'role="alert"' in page.content.decode()


def test_nobody_signs_up_by_themselves(client):
    page = client.get(reverse("account_signup"))
    assert b"password" not in page.content.lower() or page.status_code != 200


def test_the_wrong_role_sees_the_no_permission_page(client):
    client.force_login(make_user(make_clinic(), Role.PATIENT))
    page = client.get(reverse("patients:list"))
    assert page.status_code == 403
    assert "for other roles" in page.content.decode()


def test_what_is_not_there_says_so(client):
    page = client.get("/no-such-page")
    assert page.status_code == 404
    assert "nothing here" in page.content.decode()


def test_every_answer_forbids_inline_script(client):
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_health_asks_the_database(client):
    assert client.get("/health").json() == {"status": "ok"}


def test_times_are_shown_in_the_clinics_zone(client):
    from datetime import UTC, datetime

    from django.utils import timezone

    from reprieve.clinic.config.templatetags.show import clock, day, moment, plain

    at = datetime(2026, 3, 1, 2, 5, tzinfo=UTC)
    with timezone.override(make_clinic(time_zone="America/Chicago").zone):
        assert (clock(at), day(at), moment(at)) == ("20:05", "28 Feb 2026", "28 Feb 2026, 20:05")
    assert (clock(None), day(None), plain(None), plain(0.5), plain("x")) == ("–", "–", "–", "0.5", "x")
    assert (plain(Decimal("36.00")), plain(Decimal("400")), plain(Decimal("0.5000"))) == ("36", "400", "0.5")


def test_signature_carries_the_credential():
    user = make_user(make_clinic(), Role.NURSE, first_name="Ada", last_name="Ward", credential="RN")
    assert user.signature == "Ada Ward, RN"
    user.credential = ""
    assert user.signature == "Ada Ward"
