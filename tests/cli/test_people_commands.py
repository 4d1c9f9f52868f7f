"""Opening one's own clinic from the command line, and what is refused."""

import pytest
import typer
from typer.testing import CliRunner

from reprieve.cli import people
from reprieve.clinic.accounts.models import Clinic, User
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.visits.models import Chair
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db
OPEN = ["add-clinic", "Bay Clinic", "--slug", "bay", "--time-zone", "America/Chicago"]
KIM = ["add-user", "kim", "--clinic", "bay", "--role", "prescriber", "--first-name", "Kim"]
PASSWORD = "a long pass phrase"


@pytest.fixture(autouse=True)
def tables_are_there(monkeypatch):
    monkeypatch.setattr(people, "_load", lambda: None)


@pytest.fixture
def run():
    app = typer.Typer()
    people.register(app)
    return lambda *words: CliRunner().invoke(app, [*words], catch_exceptions=False)


def test_a_clinic_opens_with_its_people_and_chairs(run):
    assert "Bay Clinic is open" in run(*OPEN).output
    assert "kim can sign in" in run(*KIM, "--password", PASSWORD).output
    assert "on the floor" in run("add-chair", "Chair 1", "--clinic", "bay", "--code", "C1").output
    kim = User.objects.get(username="kim")
    assert (kim.clinic.slug, kim.role, kim.check_password(PASSWORD)) == ("bay", "prescriber", True)
    assert Chair.objects.get().code == "C1"
    actions = list(AuditEvent.objects.filter(system="command-line").order_by("id").values_list("action", flat=True))
    assert actions == ["clinic.open", "user.admit", "chair.create"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([*OPEN[:2], "--slug", "bay2", "--time-zone", "Mars/Base"], "CLINIC-ZONE"),
        (OPEN, "CLINIC-FIELDS"),
        ([*KIM, "--password", "short"], "USER-FIELDS"),
        ([*KIM[:5], "doctor", "--password", PASSWORD], "USER-ROLE"),
        (["add-user", "kim", "--clinic", "cove", "--role", "nurse", "--password", PASSWORD], "CLINIC-UNKNOWN"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(run, words, code):
    run(*OPEN)
    with pytest.raises(InputError, match=code):
        run(*words)
    assert Clinic.objects.count() == 1
    assert not User.objects.exists()
