"""A review in a real browser: record and patient disagree and a clinician settles it, then two people sign (ALG-04)."""

import json
import re
from typing import Any

import line_candidacy as candidacy
import line_record as record
import pytest
from line_people import Line, line_of
from playwright.sync_api import expect

PATIENT = "Ashworth, George"
EPILEPSY = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G40.909", "display": "Epilepsy"}
REASON = "Neurologist's letter of 2019: fainting, never a seizure; the code was never taken back"
BENEFIT = "Psychosis was drug-induced, thirty years ago; two trials failed"
MITIGATION = "Psychiatrist present, lowest dose, stop at the first sign"


@pytest.fixture
def line(clinic, open_page, look) -> Line:
    return line_of(clinic, open_page, look, name=PATIENT)


def test_a_disagreement_is_settled_and_two_people_sign(line, complaints):
    the_record_says_otherwise_than_the_patient(line)
    a_clinician_says_what_holds(line)
    the_prescriber_signs_reasons(line)
    a_second_clinician_signs_after_reading(line)
    assert complaints == []


def the_record_says_otherwise_than_the_patient(line: Line) -> None:
    """The patient said no seizures; a record from elsewhere holds epilepsy."""
    page = line.desk
    page.goto(f"{line.clinic.url}/patients/?q=Ashworth")
    page.get_by_role("link", name=PATIENT).click()
    banner = page.get_by_role("region", name="Patient")
    expect(banner).to_contain_text("Ashworth")
    line.patient_url = page.url
    mrn = re.search(r"HKC-\d+", banner.inner_text()).group()
    record.upload(page, line.clinic.url, "elsewhere.json", elsewhere(mrn))
    expect(page.get_by_role("link", name=f"Open {PATIENT}")).to_be_visible()


def elsewhere(mrn: str) -> bytes:
    """A record of the same person from another clinic: one diagnosis."""
    person = {
        "resourceType": "Patient", "id": mrn, "gender": "male", "birthDate": "1958-04-04",
        "name": [{"use": "official", "family": "Ashworth", "given": ["George"]}],
        "identifier": [{"value": mrn, "type": {"coding": [
            {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}}],
    }  # fmt: skip
    state = "http://terminology.hl7.org/CodeSystem/condition-"
    diagnosis: dict[str, Any] = {
        "resourceType": "Condition", "id": "epilepsy", "subject": {"reference": f"Patient/{mrn}"},
        "clinicalStatus": {"coding": [{"system": f"{state}clinical", "code": "active"}]},
        "verificationStatus": {"coding": [{"system": f"{state}ver-status", "code": "confirmed"}]},
        "code": {"coding": [EPILEPSY]}, "onsetDateTime": "2011-05-02",
    }  # fmt: skip
    entries = [{"fullUrl": f"urn:{one['id']}", "resource": one} for one in (person, diagnosis)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def a_clinician_says_what_holds(line: Line) -> None:
    """Both sides are shown with who said it; the settlement keeps them beside what was stated."""
    page = line.prescriber
    page.goto(f"{line.patient_url}/candidacy")
    candidacy.assess(page)
    conflict = page.get_by_role("region", name="They disagree").get_by_role("listitem").filter(has_text="Epilepsy")
    expect(conflict).to_contain_text(re.compile("Record.*Yes.*counts now.*Patient.*No", re.DOTALL))
    conflict.get_by_text("Settle it").click()
    conflict.get_by_label("No", exact=True).check()
    conflict.get_by_label("How you know").fill(REASON)
    conflict.get_by_role("button", name="State it under my name").click()
    expect(page.get_by_text("Your statement is kept.")).to_be_visible()
    candidacy.assess(page)
    settled = page.get_by_role("region", name="Settled by a clinician")
    expect(settled).to_contain_text(REASON)
    expect(settled).to_contain_text("Epilepsy")
    expect(page.get_by_role("region", name="They disagree")).to_have_count(0)


def the_prescriber_signs_reasons(line: Line) -> None:
    page = line.prescriber
    expect(page.get_by_role("heading", name="Needs a review", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Sign this decision").click()
    review = page.get_by_role("region", name="Going ahead after review")
    review.get_by_label("Why the benefit outweighs the risk").fill(BENEFIT)
    review.get_by_label("What lowers the risk for this patient").fill(MITIGATION)
    review.get_by_role("button", name="Sign the reasons").click()
    expect(review).to_contain_text(BENEFIT)
    expect(review.get_by_role("button")).to_have_count(0)  # nobody signs twice
    expect(review.get_by_text("Two signatures")).to_have_count(0)


def a_second_clinician_signs_after_reading(line: Line) -> None:
    page = line.nurse
    page.goto(f"{line.patient_url}/candidacy")
    review = page.get_by_role("region", name="Going ahead after review")
    expect(review).to_contain_text(MITIGATION)
    review.get_by_role("button", name="Sign as second clinician").click()
    expect(review.get_by_text("Two signatures")).to_be_visible()
    expect(review).to_contain_text("Chidi Okafor, MD")
    expect(review).to_contain_text("Maja Lind")
    line.look(page, "decision-review", sizes=("1280", "390"))
    line.prescriber.goto(line.patient_url)
    expect(line.prescriber.get_by_role("link", name="Plan a course")).to_be_visible()
