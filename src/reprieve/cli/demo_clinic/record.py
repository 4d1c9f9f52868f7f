"""The record that an invented person brings: a small FHIR bundle, imported like any other."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from reprieve.cli.demo_clinic.people import Person
from reprieve.domain.candidacy.chart import ICD_10_CM, LOINC, RXNORM, UCUM

_SERTRALINE = {"system": RXNORM, "code": "36437", "display": "sertraline"}
_WEIGHT, _HEIGHT, _SYSTOLIC, _DIASTOLIC = "29463-7", "8302-2", "8480-6", "8462-4"
_DIASTOLIC_SHARE = 0.62
_EPISODE = timedelta(days=240)


def bundle_of(person: Person, mrn: str, *, at: datetime) -> bytes:
    """Diagnosis, medicine, and what was measured at `at`."""
    resources = [_patient(person, mrn), *_chart(person, mrn, at)]
    entries = [{"fullUrl": f"urn:demo:{mrn}:{number}", "resource": one} for number, one in enumerate(resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def _chart(person: Person, mrn: str, at: datetime) -> Iterator[dict[str, Any]]:
    subject = {"subject": {"reference": f"Patient/{mrn}"}}
    for resource in (_condition(person, at), _medication(at), *_observations(person, at)):
        yield resource | subject


def _patient(person: Person, mrn: str) -> dict[str, Any]:
    kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
    return {
        "resourceType": "Patient",
        "id": mrn,
        "identifier": [{"type": kind, "value": mrn}],
        "name": [{"use": "official", "family": person.family, "given": [person.given]}],
        "gender": person.sex,
        "birthDate": person.birth_on.isoformat(),
    }


def _condition(person: Person, at: datetime) -> dict[str, Any]:
    status = "http://terminology.hl7.org/CodeSystem/condition-"
    return {
        "resourceType": "Condition",
        "id": "depression",
        "clinicalStatus": {"coding": [{"system": f"{status}clinical", "code": "active"}]},
        "verificationStatus": {"coding": [{"system": f"{status}ver-status", "code": "confirmed"}]},
        "code": {"coding": [{"system": ICD_10_CM, "code": person.icd10, "display": "Major depressive disorder"}]},
        "onsetDateTime": (at - _EPISODE).date().isoformat(),
    }


def _medication(at: datetime) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement",
        "id": "sertraline",
        "status": "active",
        "medicationCodeableConcept": {"coding": [_SERTRALINE], "text": "sertraline 100 mg"},
        "effectivePeriod": {"start": (at - _EPISODE).date().isoformat()},
        "dosage": [
            {
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": 100, "system": UCUM, "code": "mg", "unit": "mg"}}],
            }
        ],
    }


def _observations(person: Person, at: datetime) -> Iterator[dict[str, Any]]:
    diastolic = None if person.sbp is None else round(person.sbp * _DIASTOLIC_SHARE)
    values = (
        (_WEIGHT, person.weight_kg, "kg"),
        (_HEIGHT, person.height_cm, "cm"),
        (_SYSTOLIC, person.sbp, "mm[Hg]"),
        (_DIASTOLIC, diastolic, "mm[Hg]"),
    )
    for loinc, value, code in values:
        if value is not None:
            yield {
                "resourceType": "Observation",
                "id": f"o-{loinc}",
                "status": "final",
                "code": {"coding": [{"system": LOINC, "code": loinc}]},
                "effectiveDateTime": at.isoformat(),
                "valueQuantity": {"value": value, "system": UCUM, "code": code, "unit": code},
            }
