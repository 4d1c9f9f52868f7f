"""What if: curves of every way of giving, what models disagree on, plain refusals; nothing is stored."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from factories import make_clinic, make_patient, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.models import AuditEvent
from reprieve.clinic.courses.what_if.answer import what_if
from reprieve.clinic.courses.what_if.names import model_about, model_name
from reprieve.clinic.courses.what_if.picture import draw, rows_of
from reprieve.clinic.courses.what_if.scenario import Scenario, Way
from reprieve.clinic.courses.what_if.wording import LEFT_OUT
from reprieve.clinic.courses.wording import finding_sentence
from reprieve.domain.pharmacology.disagreement import LeftOut
from reprieve.knowledge.kinetics import model_ids

pytestmark = pytest.mark.django_db
USUAL = {
    "way": "infusion", "weight_kg": "70", "mg_per_kg": "0.5", "duration_min": "40",
    "device_count": "2", "dose_mg": "100", "hold_min": "10",
}  # fmt: skip


def scenario(**changes):
    usual = {
        "way": Way.INFUSION, "amount_mg": 35.0, "duration_min": 40.0, "slow_start_min": 0.0, "slow_start_share": 1.0,
        "device_count": 2, "hold_min": 10.0, "weight_kg": 70.0, "age_years": 40.0, "bmi_kg_per_m2": 24.0,
    }  # fmt: skip
    return Scenario(**usual | changes)


@pytest.fixture
def at_the_desk():
    clinic = make_clinic()
    client = Client()
    client.force_login(make_user(clinic, Role.PRESCRIBER))
    return client, make_patient(clinic)


def page(at_the_desk, name="courses:what_if", **changes):
    client, patient = at_the_desk
    return client.get(reverse(name, args=[patient.pk]), {**USUAL, **changes})


def test_the_reference_infusion_peaks_as_published():
    # Dossier row A5 and section 8: arterial 251 and venous 165 ng/mL at the end of 0.5 mg/kg over 40 min, 70 kg.
    peaks = {curve.site: curve.peak for curve in what_if(scenario()).curves}
    assert peaks["arterial"] == pytest.approx(251, rel=0.02)
    assert peaks["venous"] == pytest.approx(165, rel=0.02)


@pytest.mark.parametrize("way", Way)
def test_every_way_is_drawn_with_its_band(way):
    found = what_if(scenario(way=way))
    for picture in draw(found):
        assert len(picture.lines) == len(found.curves) >= 1
    for curve in found.curves:
        assert (curve.lower <= curve.upper).all() and curve.peak > 0.0
    assert rows_of(found)[-1].minute == found.scenario.ends_min + 120.0
    assert all(finding_sentence(reason) for reason in found.disagreement.reasons)


def test_a_slow_start_gives_the_same_amount_later():
    even, slow = scenario(), scenario(slow_start_min=10.0, slow_start_share=0.5)
    assert sum(dose.amount_mg for dose in slow.doses) == pytest.approx(35.0)
    # 35 mg = 10 min at half of r and 30 min at r, so r = 1 mg/min.
    assert [dose.amount_mg for dose in slow.doses] == pytest.approx([5.0, 30.0])
    assert slow.ends_min == even.ends_min == 40.0


def test_two_devices_are_five_minutes_apart():
    assert [dose.at_min for dose in scenario(way=Way.NASAL_SPRAY).doses] == [0.0, 5.0]
    assert sum(dose.amount_mg for dose in scenario(way=Way.NASAL_SPRAY).doses) == 56.0


def test_the_second_line_is_another_model(at_the_desk):
    found = what_if(scenario())
    assert found.second is not None and found.second.model_id != found.model.id
    text = page(at_the_desk).content.decode()
    assert "Where models disagree" in text and f"second model {model_name(found.second.model_id)}" in text
    assert "prediction, not a measurement" in text and "no one has measured it in people" in text


def test_a_single_model_says_so(at_the_desk):
    assert "Only one published model" in page(at_the_desk, way="nasal_spray").content.decode()


def test_a_build_outside_the_model_is_said():
    codes = {finding.code for finding in what_if(scenario(bmi_kg_per_m2=41.0)).misfits}
    assert codes == {"PK-POP-BMI"}
    assert what_if(scenario()).misfits == ()


def test_every_reason_to_leave_a_model_out_has_words():
    assert set(LEFT_OUT) == set(LeftOut)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weight_kg": "0"}, "must be more than 0 kg"),
        ({"weight_kg": "154 lb"}, "69.9 kg"),
        ({"weight_kg": "900"}, "WHATIF-RANGE"),
        ({"mg_per_kg": ""}, "WHATIF-MISSING: This is needed here"),
        ({"mg_per_kg": "0.5 mg/kg/h"}, "is a rate"),
        ({"duration_min": "1000"}, "WHATIF-RANGE"),
        ({"slow_start_min": "40", "slow_start_percent": "50"}, "as long as the whole"),
        ({"slow_start_min": "10"}, "50 % is half the rate"),
        ({"slow_start_percent": "50"}, "WHATIF-SLOW: Say for how long"),
        ({"slow_start_min": "10", "slow_start_percent": "500"}, "WHATIF-RANGE: Between 1 and 100 %"),
        ({"age_years": "40 kg"}, "WHATIF-AGE-UNIT"),
        ({"height_cm": "1.75"}, "WHATIF-HEIGHT-DIGITS"),
        ({"way": "rectal"}, "WHATIF-CHOICE"),
        ({"way": "nasal_spray", "device_count": "9"}, "WHATIF-CHOICE"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(at_the_desk, changes, said):
    response = page(at_the_desk, **changes)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_fields_of_other_ways_do_not_matter(at_the_desk):
    assert page(at_the_desk, way="swallowed", mg_per_kg="", duration_min="", hold_min="").status_code == 200
    assert page(at_the_desk, way="into_muscle", duration_min="half an hour", hold_min="0").status_code == 200


@pytest.mark.parametrize("typed", ["0.5 mg/kg/h", "12 lb", "“half”", "9999"])
def test_what_cannot_be_stays_as_it_was_typed(at_the_desk, typed):
    response = page(at_the_desk, mg_per_kg=typed, slow_start_min="15", slow_start_percent="50")
    text = unescape(response.content.decode())
    assert response.status_code == 422 and "What you typed stands as it is" in text
    assert all(f'value="{one}"' in text for one in (typed, "15", "50", "70", "40"))
    # one sentence at the field and the same one where the curve would be
    assert text.count("WHATIF-") == 2


def test_a_slow_start_is_said_as_the_pump_runs_it(at_the_desk):
    # 35 mg = 10 min at half of r and 30 min at r, so r = 1 mg/min.
    text = page(at_the_desk, slow_start_min="10", slow_start_percent="50").content.decode()
    assert "Minute 0 to 10: 30 mg/h" in text and "Minute 10 to 40: 60 mg/h" in text and "35 mg in all" in text
    assert "Minute 5: 28 mg" in page(at_the_desk, way="nasal_spray").content.decode()


def test_sentences_name_models_and_tables_keep_their_ids(at_the_desk):
    text = page(at_the_desk).content.decode()
    assert "model K2S: a prediction" in text and '<code class="model-id">kamp2020</code>' in text
    sentences = text[text.index("Clearance:") : text.index("The models were made from")]
    assert "Domino has" in sentences and "domino1984" not in sentences


def test_every_model_has_a_name_and_something_about_it():
    for one in model_ids():
        assert model_about(one) and 4 > len(model_name(one).split()) - ("&" in model_name(one)) * 2 > 0


def test_the_live_half_stores_nothing(at_the_desk):
    written = AuditEvent.objects.count()
    response = page(at_the_desk, "courses:what_if_result", way="lozenge")
    assert response.status_code == 200 and "<html" not in response.content.decode()
    assert AuditEvent.objects.count() == written


def test_without_a_weight_nothing_is_guessed(at_the_desk):
    client, patient = at_the_desk
    text = client.get(reverse("courses:what_if", args=[patient.pk])).content.decode()
    assert "No weight is known yet" in text


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PATIENT])
def test_it_is_for_clinicians(role):
    clinic = make_clinic()
    client = Client()
    client.force_login(make_user(clinic, role))
    assert client.get(reverse("courses:what_if", args=[make_patient(clinic).pk])).status_code == 403


def test_another_clinic_finds_nothing(at_the_desk):
    client, _ = at_the_desk
    assert client.get(reverse("courses:what_if", args=[make_patient(make_clinic()).pk])).status_code == 404
