"""What if with other medicines and liver disease: from the record or chosen, told with numbers, or refused."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_patient, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.courses.what_if.answer import what_if
from reprieve.clinic.courses.what_if.exposure import LIVER, OTHERS, changes_named, on_record
from reprieve.clinic.courses.what_if.picture import draw
from reprieve.clinic.courses.what_if.scenario import Scenario, Way
from reprieve.clinic.patients.models import Medication
from reprieve.knowledge.exposure_changes import exposure_changes

pytestmark = pytest.mark.django_db
USUAL = {"way": "infusion", "weight_kg": "70", "mg_per_kg": "0.5", "duration_min": "40", "device_count": "2"}


def scenario(way, *changes):
    return Scenario(
        way=way, amount_mg=35.0, duration_min=40.0, slow_start_min=0.0, slow_start_share=1.0, device_count=2,
        hold_min=10.0, weight_kg=70.0, age_years=40.0, bmi_kg_per_m2=24.0, changes=changes_named(changes),
    )  # fmt: skip


@pytest.fixture
def at_the_desk():
    clinic = make_clinic()
    client = Client()
    client.force_login(make_user(clinic, Role.PRESCRIBER))
    return client, make_patient(clinic)


def takes(patient, name, status="active"):
    Medication.objects.create(patient=patient, fhir_id=name, name=name, status=status, codings=[])


def text_of(at_the_desk, **asked):
    client, patient = at_the_desk
    return client.get(reverse("courses:what_if", args=[patient.pk]), USUAL | asked).content.decode()


def test_rifampicin_takes_seven_eighths_of_what_is_swallowed():
    found = what_if(scenario(Way.SWALLOWED, "rifampicin"))
    # Peltoniemi 2012: area by mouth x 0.14 to infinity; the drawing ends after six hours
    assert all(one.times == pytest.approx(0.14, rel=0.05) for one in found.moved)
    assert [finding.code for finding in found.exposure] == ["PK-EXP-STUDIED"]
    assert all(len(picture.without) == len(found.curves) for picture in draw(found))


def test_without_changes_there_is_nothing_to_compare():
    found = what_if(scenario(Way.INFUSION))
    assert found.moved == () == found.exposure == draw(found)[0].without


def test_every_model_holds_the_changes():
    plain, moved = (what_if(scenario(Way.INFUSION, *changes)) for changes in ((), ("child_pugh_b",)))
    for before, after in zip(plain.disagreement.curves, moved.disagreement.curves, strict=True):
        # 0.49 of clearance
        assert after.clearance_l_per_h == pytest.approx(before.clearance_l_per_h * 0.49, rel=2e-3)


def test_what_can_be_chosen_is_known():
    assert set(OTHERS) | set(LIVER) <= set(exposure_changes())


def test_current_medicines_are_found_by_name_and_stopped_ones_are_not(at_the_desk):
    _, patient = at_the_desk
    for name, status in (
        ("Rifadin (rifampicin) 300 mg", "active"),
        ("clarithromycin", "stopped"),
        ("diazepam", "active"),
    ):
        takes(patient, name, status)
    recorded = on_record(patient, on=timezone.localdate())
    assert recorded.changes == ("rifampicin",)
    assert [one.id for one in recorded.directions] == ["diazepam"]


def test_medicines_on_record_are_taken_into_account_unless_said_otherwise(at_the_desk):
    takes(at_the_desk[1], "rifampin")
    takes(at_the_desk[1], "diazepam")
    text = text_of(at_the_desk)
    assert "Taken into account" in text and "on record" in text
    assert "Exposure is moved for Rifampin (rifampicin)" in text
    assert "What Diazepam does to a dose by vein is known by direction only" in text
    assert "curve-without" in text
    said_none = text_of(at_the_desk, liver="")
    assert "Exposure is moved" not in said_none and "curve-without" not in said_none


def test_the_first_page_has_the_record_too(at_the_desk):
    client, patient = at_the_desk
    takes(patient, "rifampin")
    text = client.get(reverse("courses:what_if", args=[patient.pk])).content.decode()
    assert "on record" in text


def test_medicines_that_nobody_takes_can_be_tried(at_the_desk):
    text = text_of(at_the_desk, others=["grapefruit", "clarithromycin"], liver="child_pugh_b", way="nasal_spray")
    assert "3 changes of exposure are multiplied" in text
    assert "vein, dashed" in text and "artery, solid" not in text  # the model of the spray has no artery
    assert "Nobody measured what Grapefruit juice does to a dose by the nose" in text


def test_severe_liver_disease_is_refused(at_the_desk):
    client, patient = at_the_desk
    page = client.get(reverse("courses:what_if", args=[patient.pk]), USUAL | {"liver": "child_pugh_c"})
    assert page.status_code == 422
    assert "PK-EXP-REFUSED: Child-Pugh C was not studied and is not recommended" in page.content.decode()


def test_an_unknown_medicine_is_refused(at_the_desk):
    client, patient = at_the_desk
    page = client.get(reverse("courses:what_if", args=[patient.pk]), USUAL | {"others": "x", "liver": ""})
    assert page.status_code == 422
