"""The record that arrives with the person of the walk, and the pages that take it in."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from line_people import Line
from playwright.sync_api import Page, expect

FAMILY, GIVEN, MRN = "Marlowe", "Ines", "WALK-7001"
PATIENT = f"{FAMILY}, {GIVEN}"
BORN_ON = "1984-03-19"
WEIGHT_KG, HEIGHT_CM = 72.0, 170.0
_LOINC, _UCUM = "http://loinc.org", "http://unitsofmeasure.org"
_ICD_10, _RXNORM = "http://hl7.org/fhir/sid/icd-10-cm", "http://www.nlm.nih.gov/research/umls/rxnorm"
_ONE_POUND_KG = 0.45359237  # exact, by definition
_MEASURED = (
    ("29463-7", round(WEIGHT_KG / _ONE_POUND_KG, 1), "[lb_av]"),  # US units, as real exports have them
    ("8302-2", HEIGHT_CM, "cm"),
    ("8480-6", 118, "mm[Hg]"),
    ("8462-4", 74, "mm[Hg]"),
    ("8867-4", 70, "/min"),
    ("2708-6", 98, "%"),
)


def bundle() -> bytes:
    """Treated depression, one medicine, measurements of yesterday, one weight without a unit, one thing not used."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    resources = [_person(), _depression(), _sertraline(), *_measurements(yesterday), _weight_without_unit(yesterday)]
    resources.append({"resourceType": "Claim", "id": "claim-1", "status": "active"})
    entries = [{"fullUrl": f"urn:walk:{number}", "resource": one} for number, one in enumerate(resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def truncated() -> bytes:
    return bundle()[:900]


def _person() -> dict[str, Any]:
    kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
    return {
        "resourceType": "Patient", "id": MRN, "identifier": [{"type": kind, "value": MRN}],
        "name": [{"use": "official", "family": FAMILY, "given": [GIVEN]}], "gender": "female", "birthDate": BORN_ON,
    }  # fmt: skip


def _depression() -> dict[str, Any]:
    state = "http://terminology.hl7.org/CodeSystem/condition-"
    return _about_her(
        "Condition", "depression",
        clinicalStatus={"coding": [{"system": f"{state}clinical", "code": "active"}]},
        verificationStatus={"coding": [{"system": f"{state}ver-status", "code": "confirmed"}]},
        code={"coding": [{"system": _ICD_10, "code": "F33.2", "display": "Major depressive disorder, severe"}]},
    )  # fmt: skip


def _sertraline() -> dict[str, Any]:
    dose = {"doseQuantity": {"value": 100, "system": _UCUM, "code": "mg", "unit": "mg"}}
    return _about_her(
        "MedicationStatement", "sertraline", status="active",
        medicationCodeableConcept={"coding": [{"system": _RXNORM, "code": "36437"}], "text": "sertraline 100 mg"},
        dosage=[{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}, "doseAndRate": [dose]}],
    )  # fmt: skip


def _measurements(at: datetime) -> list[dict[str, Any]]:
    return [
        _observation(loinc, at, {"value": value, "system": _UCUM, "code": unit, "unit": unit})
        for loinc, value, unit in _MEASURED
    ]


def _weight_without_unit(at: datetime) -> dict[str, Any]:
    return {**_observation("29463-7", at - timedelta(days=30), {"value": 159}), "id": "weight-of-unknown-unit"}


def _observation(loinc: str, at: datetime, quantity: dict[str, Any]) -> dict[str, Any]:
    code = {"coding": [{"system": _LOINC, "code": loinc}]}
    return _about_her(
        "Observation", f"o-{loinc}", status="final", code=code, effectiveDateTime=at.isoformat(), valueQuantity=quantity
    )


def _about_her(kind: str, identity: str, **rest: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": identity, "subject": {"reference": f"Patient/{MRN}"}, **rest}


def a_stranger_sees_the_sign_in(line: Line) -> None:
    stranger = line.open_page()
    stranger.goto(line.clinic.url)
    expect(stranger.get_by_role("heading", name="Sign in to Reprieve")).to_be_visible()
    line.look(stranger, "sign-in")
    stranger.close()


def a_broken_file_is_refused(line: Line) -> None:
    """Truncated in the middle: one sentence, with the place, and nobody new in the list."""
    page = line.desk
    upload(page, line.clinic.url, "broken.json", truncated())
    expect(page.get_by_role("heading", name="This file was not imported")).to_be_visible()
    expect(page.get_by_text("Nothing of it was written to any chart.")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("The file ends in the middle")
    line.look(page, "import-refused")
    page.goto(f"{line.clinic.url}/patients/?q={MRN}")
    expect(page.get_by_role("heading", name="Nobody found")).to_be_visible()


def the_record_is_imported(line: Line) -> None:
    """Taken and left are counted; what was left says why."""
    page = line.desk
    upload(page, line.clinic.url, "marlowe.json", bundle())
    expect(page.get_by_text("A new patient with chart is on record.")).to_be_visible()
    expect(page.get_by_role("row", name="Observation", exact=False).first).to_be_visible()
    expect(page.get_by_text("first at")).to_be_visible()
    line.look(page, "import-report")
    page.get_by_role("link", name=f"Open {PATIENT}").click()
    expect(page.get_by_role("region", name="Patient")).to_contain_text(MRN)
    line.patient_url, line.name = page.url, PATIENT
    page.goto(f"{line.clinic.url}/patients/")
    line.look(page, "patients")


def upload(page: Page, address: str, name: str, content: bytes) -> None:
    page.goto(f"{address}/patients/import")
    page.get_by_label("Drop the file here or choose it").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": content}
    )
    page.get_by_role("button", name="Import").click()


def consents_are_recorded(line: Line) -> None:
    """Treatment and registry, each a decision of its own."""
    page = line.nurse
    for scope in ("Treatment series", "Registry, de-identified"):
        page.goto(line.patient_url)
        page.get_by_text("Record a decision").click()
        page.get_by_label("About").select_option(label=scope)
        page.get_by_role("radio", name="Consents").check()
        page.get_by_label("Version of the form").fill("2026-01")
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_text("The decision is on record.")).to_be_visible()
