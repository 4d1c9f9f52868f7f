"""The demonstration clinic is made by the services of real use: this is also a rehearsal of the line."""

from datetime import UTC, datetime

import pytest
from django.conf import settings

from reprieve.cli.demo_clinic import people, seed
from reprieve.cli.demo_clinic.answers import phq9_answers
from reprieve.clinic.assessments.selectors import latest_assessment
from reprieve.clinic.courses.models import DoseOrder, OrderStatus
from reprieve.clinic.outcomes.selectors import scores_of
from reprieve.clinic.patients.models import Patient, SafetyTask
from reprieve.clinic.patients.selectors import consent_in_force
from reprieve.clinic.visits.models import DosingSession, Phase
from reprieve.clinic.visits.selectors import session_summary
from reprieve.domain.candidacy.assessment import Decision
from reprieve.registry.store import RegistryStore

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 16, 30, tzinfo=UTC)


@pytest.fixture
def season():
    return seed.open_clinic(NOW)


def settle(season, *stages):
    """The people of these stages, one of each."""
    for stage in stages:
        number, person = next(pair for pair in enumerate(people.people()) if pair[1].stage == stage)
        seed._settle(season, person, number)


def test_there_are_thirty_people_at_every_stage():
    assert len(people.people()) + len(people.bundles()) == 30
    assert {"live", "observing", "preparing", "checked", "completed", "emergency", "referred"} <= {
        person.stage for person in people.people()
    }


def test_the_chairs_fill_with_running_sessions(season):
    monitors = seed.fill_chairs(season)
    phases = dict(DosingSession.objects.exclude(phase=Phase.SIGNED).values_list("patient__family_name", "phase"))
    assert phases == {"Hart": "infusing", "Bell": "observing", "Saleh": "preparing"}
    assert [(monitor.chair, monitor.minutes_in) for monitor in monitors] == [("CHAIR-1", 14.0), ("CHAIR-2", 71.0)]
    hart = Patient.objects.get(family_name="Hart")
    assert hart.user.username == "hart"
    # 0.5 mg/kg of 71.4 kg is 35.7 mg; 14 of 40 minutes of it have run
    running = session_summary(hart.dosing_sessions.get(phase=Phase.INFUSING), at=NOW)
    assert running.delivered_mg == pytest.approx(35.7 * 14 / 40, rel=0.01)


def test_a_past_session_is_whole_and_goes_to_whom_it_may(season):
    settle(season, "in_course")
    patient = Patient.objects.get(family_name="Okoye")
    sessions = DosingSession.objects.filter(patient=patient)
    assert {session.phase for session in sessions} == {Phase.SIGNED}
    assert sessions.count() == 4
    assert [point.total for point in scores_of(patient, "phq-9")] == [17, 15, 10, 7]
    assert consent_in_force(patient, "registry").permit


@pytest.mark.parametrize(("stage", "status"), [("signed_order", OrderStatus.SIGNED), ("checked", OrderStatus.CHECKED)])
def test_an_order_waits_as_its_stage_says(season, stage, status):
    settle(season, stage)
    assert DoseOrder.objects.latest("signed_at").status == status


@pytest.mark.parametrize(
    ("stage", "decision"),
    [
        ("eligible", Decision.ELIGIBLE),
        ("high_pressure", Decision.DEFER),  # CI-HTN-UNC
        ("benzodiazepine", Decision.DEFER),  # DDI-BZD-8: 2 mg of alprazolam are 20 to 40 mg of diazepam
        ("one_trial", Decision.DEFER),  # DEF-DOSE: 37.5 mg of venlafaxine is under the minimum
        ("psychosis_history", Decision.REVIEW),  # CI-PSY-HX
    ],
)
def test_each_stage_has_the_decision_it_is_there_for(season, stage, decision):
    settle(season, stage)
    assert latest_assessment(Patient.objects.get()).decision == decision


def test_an_emergency_has_its_open_tasks(season):
    settle(season, "emergency", "referred", "ready_to_order")
    rules = set(SafetyTask.objects.filter(closed_at__isnull=True).values_list("rule", flat=True))
    assert rules == {"SR-03", "SR-05", "SR-06"}


def test_imported_people_and_the_registry(season, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "REGISTRY_STORE", tmp_path / "registry")
    steps = seed.rest(season)
    for step in steps[: len(people.bundles())]:
        step()
    assert set(Patient.objects.values_list("family_name", flat=True)) == {"Lemus", "Crist", "Fahey"}
    steps[-1]()
    assert RegistryStore(settings.REGISTRY_STORE).fingerprint()


@pytest.mark.parametrize(("total", "item9"), [(0, 0), (25, 3), (24, 0), (9, 1)])
def test_answers_add_up(total, item9):
    answers = phq9_answers(total, item9=item9)
    assert sum(answers.values()) == total
    assert answers[9] == item9
    assert max(answers.values()) <= 3


def test_an_impossible_total_is_refused():
    with pytest.raises(ValueError, match="no PHQ-9"):
        phq9_answers(26, item9=0)
