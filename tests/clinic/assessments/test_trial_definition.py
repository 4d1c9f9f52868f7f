"""The clinic's definition of treatment resistance: who may choose it, what follows, and that it is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from factories import make_clinic, make_patient, make_user
from intake_answers import CLEAR

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.assessments import selectors, services
from reprieve.clinic.assessments.models import TrialDefinitionChoice
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.audit.services import Actor
from reprieve.errors import InputError

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TWO_SSRIS = [trial | {"drug": drug} for drug, trial in zip(("sertraline", "fluoxetine"), CLEAR["trials"], strict=True)]


@pytest.fixture
def clinic():
    return make_clinic()


@pytest.fixture
def doctor(clinic):
    return make_user(clinic)


def choose(doctor, definition="two_classes", reason="Our medical director asks for two classes.", at=AT):
    return services.trial_definition_choose(Actor.person(doctor), definition=definition, reason=reason, at=at)


def decided(doctor, patient):
    actor = Actor.person(doctor)
    services.intake_record(actor, patient=patient, answers={**CLEAR, "trials": TWO_SSRIS}, at=AT)
    return services.assessment_make(actor, patient=patient, route="IV", indication_id="IND-TRD", at=AT)


def test_the_definition_that_the_clinic_chose_decides(clinic, doctor):
    patient = make_patient(clinic)
    before = decided(doctor, patient)
    assert (before.decision, before.record["gates"]["DEF-TRD"]) == ("ELIGIBLE", "satisfied")
    choose(doctor)
    after = decided(doctor, patient)
    assert (after.decision, after.record["gates"]["DEF-TRD"]) == ("DEFER", "not_satisfied")
    assert after.record["trials"][0]["variant"] == "two_classes"
    assert {count["variant"] for count in after.record["trials"]} >= {"default", "european", "with_augmentation"}
    choose(doctor, "default", at=AT + timedelta(minutes=1))
    assert decided(doctor, patient).decision == "ELIGIBLE"


def test_another_clinic_keeps_its_own(clinic, doctor):
    choose(doctor)
    other = make_clinic("Summit")
    assert selectors.trial_definition_of(other) is None
    assert selectors.case_of(make_patient(other), at=AT).trial_definition == ""


def test_only_a_prescriber_chooses_with_a_reason_and_a_trace(clinic, doctor):
    with pytest.raises(InputError, match="ASSESSMENT-ROLE"):
        choose(make_user(clinic, Role.NURSE))
    with pytest.raises(InputError, match="TRIALS-REASON"):
        choose(doctor, reason="  ")
    with pytest.raises(InputError, match="TRIALS-DEFINITION"):
        choose(doctor, "by feeling")
    assert not TrialDefinitionChoice.objects.exists()
    choose(doctor)
    assert AuditEvent.objects.filter(action="trial_definition.choose").exists()
    for change in (
        lambda: TrialDefinitionChoice.objects.update(reason="x"),
        TrialDefinitionChoice.objects.all().delete,
    ):
        with pytest.raises(IntegrityError, match="REP-APPEND-ONLY"), transaction.atomic():
            change()


def test_the_page(client, clinic, doctor):
    address = reverse("assessments:trial_definition")
    client.force_login(doctor)
    assert "the default of the pathway decides" in client.get(address).content.decode()
    assert client.post(address, {"definition": "two_classes", "reason": ""}).status_code == 422
    assert client.post(address, {"definition": "two_classes", "reason": "Ours."}).status_code == 302
    page = client.get(address).content.decode()
    assert "Ours." in page and 'value="two_classes" checked' in page.replace(' id="id_definition_5"', "").replace(
        " required", ""
    )
    client.force_login(make_user(clinic, Role.NURSE))
    assert "A prescriber chooses it" in client.get(address).content.decode()
    assert client.post(address, {"definition": "default", "reason": "Mine."}).status_code == 403
    client.force_login(make_user(clinic, Role.FRONT_DESK))
    assert client.get(address).status_code == 403
