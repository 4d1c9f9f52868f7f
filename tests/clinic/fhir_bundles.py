"""Builders of small FHIR documents, and the three real bundles."""

import gzip
import json
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "fhir"
REAL = sorted(DATA.glob("*.json.gz"))
ROSALINA = DATA / "Rosalina_Fahey_7a372ab0.json.gz"
VANIA = DATA / "Vania_Crist_5e9a04ec.json.gz"
DIANA = DATA / "Diana_Lemus_13ef060e.json.gz"
SUBJECT = {"reference": "urn:uuid:p1"}
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"


def plain_json(path):
    return json.loads(gzip.decompress(path.read_bytes()))


def patient(**changes):
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "77"}],
        "name": [{"use": "official", "family": "Reed", "given": ["Jonah", "K."]}],
        "gender": "male",
        "birthDate": "1980-05-17",
        "telecom": [{"system": "email", "value": "x@example.org"}, {"system": "phone", "value": "555-0100"}],
        **changes,
    }


def concept(code, *, system=SNOMED, display="Something"):
    return {"coding": [{"system": system, "code": code, "display": display}]}


def observation(loinc="29463-7", value=70.0, unit="kg", **changes):
    quantity = {"value": value, "unit": unit, "system": UCUM, "code": unit}
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": SUBJECT,
        "code": concept(loinc, system=LOINC, display=""),
        "effectiveDateTime": "2024-03-05T10:00:00-05:00",
        "valueQuantity": quantity,
        **changes,
    }


def condition(**changes):
    return {
        "resourceType": "Condition",
        "id": "c1",
        "subject": SUBJECT,
        "clinicalStatus": concept("active", system="x"),
        "verificationStatus": concept("confirmed", system="x"),
        "code": concept("370143000", display="Major depressive disorder"),
        "onsetDateTime": "2019-05-03T23:30:00-04:00",
        **changes,
    }


def request(**changes):
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "subject": SUBJECT,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": concept("36437", system=RXNORM, display="sertraline"),
        "authoredOn": "2023-01-02",
        **changes,
    }


def statement(**changes):
    made = request(**{"resourceType": "MedicationStatement", "id": "s1", **changes})
    for absent in ("intent", "authoredOn"):
        made.pop(absent)
    return made


def allergy(**changes):
    return {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": SUBJECT,
        "clinicalStatus": concept("active", system="x"),
        "code": concept("1191", system=RXNORM, display="Aspirin"),
        **changes,
    }


def bundle(*resources, person=None, **changes):
    entries = [{"fullUrl": "urn:uuid:p1", "resource": person or patient()}]
    entries += [{"fullUrl": f"urn:uuid:{one.get('id', '')}", "resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries, **changes}).encode()
