"""What is taken from a bundle, what is left and why."""

import gzip
import json
import math
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from fhir.resources.R4B.bundle import Bundle as SecondOpinion
from fhir_bundles import (
    DIANA,
    LOINC,
    REAL,
    ROSALINA,
    RXNORM,
    SUBJECT,
    UCUM,
    VANIA,
    allergy,
    bundle,
    concept,
    condition,
    observation,
    patient,
    plain_json,
    request,
    statement,
)
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.candidacy.chart import Coding, Sex
from reprieve.errors import InputError
from reprieve.interop.fhir.bundle import read_bundle
from reprieve.knowledge.measurements import measurement_codes


def left(reading):
    return {(one.resource_type, str(one.reason_code)): one.count for one in reading.left}


def refusal(content, **options):
    with pytest.raises(InputError) as caught:
        read_bundle(content, **options)
    return caught.value


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_every_entry_of_a_real_bundle_is_taken_or_left(path):
    entries = plain_json(path)["entry"]
    reading = read_bundle(path.read_bytes())
    whole = [one for one in reading.left if "." not in one.resource_type]
    assert sum(reading.taken.values()) + sum(one.count for one in whole) == len(entries)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_counts_equal_an_independent_count_in_plain_json(path):
    resources = [entry["resource"] for entry in plain_json(path)["entry"]]
    kinds = Counter(resource["resourceType"] for resource in resources)
    reading = read_bundle(path.read_bytes())
    for kind in ("Patient", "Condition", "AllergyIntolerance", "MedicationRequest"):
        assert reading.taken.get(kind, 0) == kinds[kind]
    known = set(measurement_codes())
    wanted = [
        resource
        for resource in resources
        if resource["resourceType"] == "Observation"
        and any(
            coding["code"] in known
            for part in (resource, *resource.get("component", []))
            for coding in part["code"]["coding"]
        )
    ]
    assert left(reading)["Observation", "CODE-NOT-READ"] == kinds["Observation"] - len(wanted)
    broken = [one for one in wanted if phq_9_is_broken(one)]  # the generator writes totals such as 16.12
    assert left(reading).get(("Observation", "VALUE-OUT-OF-SCALE"), 0) == len(broken)
    wanted = [one for one in wanted if one not in broken]
    assert reading.taken["Observation"] == len(wanted)
    pressures = sum(len(resource.get("component", [1])) for resource in wanted)
    assert len(reading.chart.observations) == pressures


def phq_9_is_broken(resource):
    return resource["code"]["coding"][0]["code"] == "44261-6" and resource["valueQuantity"]["value"] % 1 != 0


def test_a_second_reader_agrees_on_names_dates_and_values():
    everything = plain_json(DIANA)["entry"]
    observations = [entry for entry in everything if entry["resource"]["resourceType"] == "Observation"]
    entries = [*everything[:80], *observations[::12]]
    reading = read_bundle(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode())
    other = SecondOpinion.model_validate({"resourceType": "Bundle", "type": "collection", "entry": entries})
    ours = {row.fhir_id: row.item for row in (*reading.rows.conditions, *reading.rows.observations)}
    compared = Counter()
    for entry in other.entry:
        resource = entry.resource
        kind = resource.get_resource_type()
        item = ours.get(f"{kind}/{resource.id}")
        if kind == "Patient":
            assert (resource.name[0].family, resource.birthDate) == (
                reading.person.family_name,
                reading.person.birth_on,
            )
        elif kind == "Condition":
            assert item.codings[0].code == resource.code.coding[0].code
            assert item.onset_on == resource.onsetDateTime.date()
        elif kind == "Observation" and item is not None and resource.valueQuantity is not None:
            assert item.value == pytest.approx(float(resource.valueQuantity.value))
            assert item.effective_at == resource.effectiveDateTime
        compared[kind] += 1
    assert compared["Condition"] > 3 and compared["Observation"] > 20


def test_what_is_over_stays_over():
    """Vania's pregnancies ended, and her prescriptions were stopped (counted in the file by hand)."""
    source = [entry["resource"] for entry in plain_json(VANIA)["entry"]]
    pregnancies = [one for one in read_bundle(VANIA.read_bytes()).chart.conditions if one.codings[0].code == "72892002"]
    assert pregnancies and all(one.clinical_status == "resolved" and one.abated_on for one in pregnancies)
    stopped = sum(one["resourceType"] == "MedicationRequest" and one["status"] == "stopped" for one in source)
    medications = read_bundle(VANIA.read_bytes()).chart.medications
    assert sum(one.status == "stopped" for one in medications) == stopped > 0


def test_the_person():
    person = read_bundle(bundle()).person
    assert (person.mrn, person.family_name, person.given_name) == ("77", "Reed", "Jonah K.")
    assert (person.birth_on, person.sex, person.phone) == (date(1980, 5, 17), Sex.MALE, "555-0100")


def test_a_person_with_little():
    known = patient(gender="x", telecom=[], identifier=[{"value": "9"}], name=[{"family": "Ro", "given": ["A"]}])
    person = read_bundle(bundle(person=known)).person
    assert (person.mrn, person.sex, person.phone) == ("9", Sex.UNKNOWN, "")


@pytest.mark.parametrize(
    ("changes", "where", "word"),
    [
        ({"birthDate": "1980"}, "entry[0].resource.birthDate", "month or year"),
        ({"birthDate": "soon"}, "entry[0].resource.birthDate", "not a date"),
        ({"birthDate": ""}, "entry[0].resource.birthDate", "missing"),
        ({"identifier": []}, "entry[0].resource.identifier", "no medical record number"),
        ({"identifier": [{"type": {"coding": [{"code": "SS"}]}, "value": "999-57-7499"}]},
         "entry[0].resource.identifier", "no medical record number"),
        ({"identifier": [{"value": "1"}, {"value": "2"}]}, "entry[0].resource.identifier", "more than one"),
        ({"identifier": [{"value": "1" * 65}]}, "entry[0].resource.identifier", "longer than the 64"),
        ({"name": [{"family": "Reed"}]}, "entry[0].resource.name", "family and given"),
    ],
)  # fmt: skip
def test_a_person_who_cannot_be_recorded_is_refused(changes, where, word):
    problem = refusal(bundle(person=patient(**changes)))
    assert problem.code == "FHIR-PERSON" and problem.where == where and word in problem.sentence


@pytest.mark.parametrize(
    ("loinc", "value", "unit", "kept"),
    [
        ("29463-7", 154.0, "[lb_av]", 69.853225),  # 1 lb = 0.45359237 kg exactly (UCUM)
        ("8302-2", 70.0, "[in_i]", 177.8),  # 1 in = 2.54 cm exactly (UCUM)
        ("8310-5", 98.6, "[degF]", 37.0),
        ("8480-6", 16.0, "kPa", 120.00987),  # 1 mmHg = 0.13332237 kPa
        ("8867-4", 1.5, "/s", 90.0),
        ("33914-3", 85.0, "mL/min", 85.0),
        ("3016-3", 2.5, "mU/L", 2.5),
        ("44261-6", 14, "1", 14.0),
    ],
)
def test_units_are_converted_by_ucum(loinc, value, unit, kept):
    (row,) = read_bundle(bundle(observation(loinc, value, unit))).chart.observations
    assert row.value == pytest.approx(kept, rel=1e-7)
    assert row.unit == measurement_codes()[loinc].unit


@pytest.mark.parametrize(
    ("comparator", "shown"), [("<", "< 40.8"), ("<=", "<= 40.8"), (">", "> 40.8"), (">=", ">= 40.8")]
)
def test_a_comparator_is_kept_as_an_interval_and_never_as_the_value(comparator, shown):
    """90 [lb_av] are 40.82 kg."""
    pounds = {"value": 90, "comparator": comparator, "system": UCUM, "code": "[lb_av]"}
    (row,) = read_bundle(bundle(observation() | {"valueQuantity": pounds})).chart.observations
    assert row.value is None
    assert str(row.interval.mapped(lambda end: round(end, 1))) == shown


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"valueQuantity": {"value": 154}}, "UNIT-MISSING"),
        ({"valueQuantity": {"value": 154, "unit": "lb"}}, "UNIT-MISSING"),
        ({"valueQuantity": {"value": 154, "code": "kg", "system": "http://example.org"}}, "UNIT-MISSING"),
        ({"valueQuantity": {"value": 11, "system": UCUM, "code": "[stone_av]"}}, "UNIT-UNKNOWN"),
        ({"valueQuantity": {"value": 170, "system": UCUM, "code": "cm"}}, "UNIT-INCOMPATIBLE"),
        ({"valueQuantity": {"system": UCUM, "code": "kg"}}, "NO-VALUE"),
        ({"valueQuantity": {"value": 90, "comparator": "ad", "system": UCUM, "code": "kg"}}, "COMPARATOR"),
        ({"valueQuantity": None, "valueInteger": 154}, "UNIT-MISSING"),
        ({"valueQuantity": None, "valueString": "154 pounds"}, "NO-VALUE"),
        ({"status": "preliminary"}, "NOT-FINAL"),
        ({"status": "entered-in-error"}, "ENTERED-IN-ERROR"),
        ({"status": "cancelled"}, "CANCELLED"),
        ({"effectiveDateTime": "2024"}, "DATE-PARTIAL"),
        ({"effectiveDateTime": "2024-03"}, "DATE-PARTIAL"),
        ({"effectiveDateTime": "2024-03-05T10:00:00"}, "DATE-NO-ZONE"),
        ({"effectiveDateTime": "2024-13-05"}, "DATE-INVALID"),
        ({"effectiveDateTime": "2024-03-05T99:00:00Z"}, "DATE-INVALID"),
        ({"effectiveDateTime": None}, "NO-DATE"),
        ({"subject": None}, "NO-SUBJECT"),
        ({"subject": {"reference": "Patient/other"}}, "OTHER-SUBJECT"),
        ({"focus": [{"reference": "Patient/child"}]}, "OTHER-FOCUS"),
        ({"id": None}, "NO-ID"),
        ({"code": concept("29463-7", system="")}, "CODE-NOT-READ"),
        ({"code": concept("44249-1", system=LOINC)}, "CODE-NOT-READ"),  # the PHQ-9 panel is never a score
    ],
)
def test_an_observation_that_cannot_be_used_is_left_with_its_reason(changes, reason):
    resource = {key: value for key, value in (observation() | changes).items() if value is not None}
    reading = read_bundle(bundle(resource))
    assert reading.chart.observations == ()
    (one,) = reading.left
    assert (one.resource_type, one.reason_code, one.count, one.example_path) == (
        "Observation", reason, 1, "entry[1].resource"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("loinc", "value"),
    [("44261-6", 31), ("44261-6", -1), ("44261-6", 20.37), ("70274-6", 22), ("59408-5", 140), ("29463-7", 1e999)],
)
def test_a_number_off_its_scale_is_left(loinc, value):
    if math.isinf(value):
        content = bundle(observation(loinc, 12345678.5)).replace(b"12345678.5", b"1e999")
        with pytest.raises(InputError, match="FHIR-"):
            read_bundle(content)
        return
    reading = read_bundle(bundle(observation(loinc, value, measurement_codes()[loinc].unit)))
    assert left(reading) == {("Observation", "VALUE-OUT-OF-SCALE"): 1}


def test_a_whole_number_is_read_as_a_score_only():
    resource = observation("44261-6", valueInteger=14)
    del resource["valueQuantity"]
    (row,) = read_bundle(bundle(resource)).chart.observations
    assert (row.value, row.unit, row.display) == (14.0, "{score}", "PHQ-9 total score")


def test_a_day_is_kept_at_noon_utc_and_a_period_by_its_end():
    day = observation(effectiveDateTime="2024-03-05")
    period = observation(id="o2", effectivePeriod={"start": "2024-03-06T10:00:00Z", "end": "2024-03-06T11:00:00Z"})
    del period["effectiveDateTime"]
    rows = read_bundle(bundle(period, day)).chart.observations
    assert [row.effective_at for row in rows] == [
        datetime(2024, 3, 5, 12, tzinfo=UTC), datetime(2024, 3, 6, 11, tzinfo=UTC)
    ]  # fmt: skip


def test_a_pressure_panel_is_one_row_a_component_and_a_bad_one_is_left_alone():
    def part(loinc, value, unit):
        return {"code": concept(loinc, system=LOINC), "valueQuantity": {"value": value, "system": UCUM, "code": unit}}

    panel = observation("85354-9", component=[
        part("8480-6", 131, "mm[Hg]"), part("8462-4", 84, "mmHg"), part("8478-0", 100, "mm[Hg]"), part("0-0", 1, "1"),
    ])  # fmt: skip
    del panel["valueQuantity"]
    reading = read_bundle(bundle(panel))
    assert [(row.fhir_id, row.item.value) for row in reading.rows.observations] == [
        ("Observation/o1#8478-0", 100.0), ("Observation/o1#8480-6", 131.0)
    ]  # fmt: skip
    assert left(reading) == {("Observation.component", "UNIT-UNKNOWN"): 1}
    assert reading.taken["Observation"] == 1


def test_a_value_beside_components_is_read_too():
    part = {"code": concept("8462-4", system=LOINC), "valueQuantity": {"value": 84, "system": UCUM, "code": "mm[Hg]"}}
    resource = observation("8480-6", 131, "mm[Hg]", component=[part])
    assert {row.loinc for row in read_bundle(bundle(resource)).chart.observations} == {"8480-6", "8462-4"}


def test_pulse_oximetry_with_both_codes_is_one_row():
    both = {"coding": [{"system": LOINC, "code": code} for code in ("2708-6", "59408-5")]}
    reading = read_bundle(bundle(observation(value=97, unit="%", code=both)))
    (row,) = reading.rows.observations
    assert row.item.loinc == "59408-5" and len(row.codings) == 2


def test_the_first_of_a_repeated_component_and_of_a_repeated_resource_counts():
    def part(value):
        quantity = {"value": value, "system": UCUM, "code": "mm[Hg]"}
        return {"code": concept("8480-6", system=LOINC), "valueQuantity": quantity}

    panel = observation("85354-9", component=[part(131), part(99)])
    del panel["valueQuantity"]
    reading = read_bundle(bundle(panel, panel))
    assert [row.value for row in reading.chart.observations] == [131.0]
    assert left(reading) == {("Observation", "DUPLICATE"): 1}


def test_answers_from_a_code_list():
    resource = observation("82810-3", valueCodeableConcept=concept("77386006", display="Pregnant"))
    nothing = observation("82810-3", id="o2", valueCodeableConcept={"text": "perhaps"})
    for one in (resource, nothing):
        del one["valueQuantity"]
    reading = read_bundle(bundle(resource, nothing))
    (row,) = reading.chart.observations
    assert (row.value, row.unit, row.value_codings[0].code) == (None, "", "77386006")
    assert left(reading) == {("Observation", "NO-VALUE"): 1}


def test_a_condition_keeps_the_day_its_author_wrote():
    (one,) = read_bundle(bundle(condition())).chart.conditions
    assert one.onset_on == date(2019, 5, 3)  # 23:30 at UTC-4 is 4 May in UTC
    assert (one.clinical_status, one.verification_status) == ("active", "confirmed")


def test_a_year_is_not_made_a_day():
    reading = read_bundle(bundle(condition(onsetDateTime="2019", abatementDateTime="later")))
    (one,) = reading.chart.conditions
    assert (one.onset_on, one.abated_on) == (None, None)
    assert left(reading) == {("Condition.onset", "DATE-PARTIAL"): 1, ("Condition.abatement", "DATE-INVALID"): 1}
    assert {part.example_path for part in reading.left} == {"entry[1].resource.onset", "entry[1].resource.abatement"}


def test_conditions_left_and_kept():
    reading = read_bundle(bundle(
        condition(id="1", verificationStatus=concept("entered-in-error")),
        condition(id="2", code={"text": "sad"}),
        condition(id="3", code={"coding": [{"code": "F32"}]}),
        condition(id="4", verificationStatus=concept("refuted"), clinicalStatus={}),
        condition(id="4"),
        condition(id="5", subject={"reference": "Patient/p1/_history/2"}),
    ))  # fmt: skip
    assert left(reading) == {
        ("Condition", "ENTERED-IN-ERROR"): 1, ("Condition", "NO-CODE"): 2, ("Condition", "DUPLICATE"): 1
    }  # fmt: skip
    assert [(one.verification_status, one.clinical_status) for one in reading.chart.conditions] == [
        ("refuted", "unknown"), ("confirmed", "active")
    ]  # fmt: skip


def test_allergies():
    reading = read_bundle(bundle(
        allergy(), allergy(id="a2", code={"text": "bee stings"}, clinicalStatus={}), allergy(id="a3", code={}),
        allergy(id="a4", verificationStatus=concept("refuted")),
        allergy(id="a5", verificationStatus=concept("entered-in-error")), allergy(id="a6", patient={}),
    ))  # fmt: skip
    assert [(one.name, one.clinical_status) for one in reading.chart.allergies] == [
        ("Aspirin", "active"), ("bee stings", "unknown")
    ]  # fmt: skip
    assert left(reading) == {
        ("AllergyIntolerance", reason): 1 for reason in ("NO-CODE", "REFUTED", "ENTERED-IN-ERROR", "NO-SUBJECT")
    }


def dosage(frequency=2, period=1, unit="d", value=50, code="mg", **changes):
    repeat = {"frequency": frequency, "period": period, "periodUnit": unit}
    return {
        "timing": {"repeat": repeat},
        "doseAndRate": [{"doseQuantity": {"value": value, "system": UCUM, "code": code}}],
        **changes,
    }


ECG = {"code": {"coding": [{"system": "http://loinc.org", "code": "11524-6"}]}, "valueQuantity": None}
PART = {"code": {"coding": [{"system": "http://loinc.org", "code": "8636-3"}]},
        "valueQuantity": {"value": 430, "system": "http://unitsofmeasure.org", "code": "ms"}}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({}, ["11524-6"]),
        ({"valueString": "Sinus rhythm"}, ["11524-6"]),
        ({"component": [PART]}, ["11524-6", "8636-3"]),
        ({"dataAbsentReason": {"coding": [{"code": "not-performed"}]}}, []),
    ],
)
def test_of_an_ecg_only_that_it_was_done_is_read(changes, taken):
    """And not where the record says that it was not done."""
    resource = {key: value for key, value in (observation() | ECG | changes).items() if value is not None}
    rows = read_bundle(bundle(resource)).chart.observations
    assert sorted(row.loinc for row in rows) == taken
    assert all(row.value is None for row in rows if row.loinc == "11524-6")


@pytest.mark.parametrize(
    ("dosages", "mg"),
    [
        ([dosage()], 100.0),
        ([dosage(frequency=1, period=8, unit="h", value=0.5, code="g")], 1500.0),
        ([dosage(frequency=1, period=1, unit="wk", value=70)], 10.0),
        ([dosage(timing={"code": concept("BID")})], 100.0),
        ([dosage(timing={"code": concept("PRN")})], None),
        ([dosage(code="{tablet}")], None),
        ([dosage(code="mL")], None),
        ([dosage(code="")], None),
        ([dosage(doseAndRate=[{"doseQuantity": {"value": 5, "comparator": "<", "code": "mg"}}])], None),
        ([dosage(doseAndRate=[])], None),
        ([dosage(unit="")], None),
        ([dosage(unit="kg")], None),
        ([dosage(period=0)], None),
        ([dosage(timing={"repeat": {"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "d"}})], None),
        ([dosage(asNeededBoolean=True)], None),
        ([dosage(asNeededCodeableConcept=concept("pain"))], None),
        ([dosage(), dosage(value=100)], None),
        ([], None),
    ],
)
def test_milligrams_a_day_only_where_the_record_says_so(dosages, mg):
    (one,) = read_bundle(bundle(request(dosageInstruction=dosages))).chart.medications
    assert one.daily_dose_mg == mg


def test_the_route_of_a_dosage_is_kept():
    nasal = {"coding": [{"system": "http://snomed.info/sct", "code": "46713006", "display": "Nasal route"}]}
    (one,) = read_bundle(
        bundle(request(dosageInstruction=[dosage(route=nasal), dosage(route=nasal)]))
    ).chart.medications
    assert [coding.code for coding in one.given_by] == ["46713006"]
    (none,) = read_bundle(bundle(request(dosageInstruction=[dosage()]))).chart.medications
    assert none.given_by == ()


def test_as_needed_is_true_false_or_unknown():
    answers = {"1": [dosage(asNeededBoolean=True)], "2": [dosage(asNeededBoolean=False)], "3": [dosage()]}
    reading = read_bundle(bundle(*(request(id=key, dosageInstruction=value) for key, value in answers.items())))
    assert [one.as_needed for one in reading.chart.medications] == [True, False, None]


def test_medicines_left_and_kept():
    reading = read_bundle(bundle(
        request(id="1", status="entered-in-error"), request(id="2", status="cancelled"),
        request(id="3", status="draft"), request(id="4", doNotPerform=True), request(id="5", intent="proposal"),
        request(id="6", medicationCodeableConcept={}), request(id="7", intent="plan"),
        request(id="8", status="strange"), statement(status="entered-in-error"),
        statement(id="s2", medicationCodeableConcept={}),
    ))  # fmt: skip
    assert left(reading) == {
        ("MedicationRequest", "ENTERED-IN-ERROR"): 1, ("MedicationRequest", "CANCELLED"): 1,
        ("MedicationRequest", "NOT-FINAL"): 1, ("MedicationRequest", "DO-NOT-PERFORM"): 1,
        ("MedicationRequest", "NOT-ORDERED"): 1, ("MedicationRequest", "NO-CODE"): 1,
        ("MedicationStatement", "ENTERED-IN-ERROR"): 1, ("MedicationStatement", "NO-CODE"): 1,
    }  # fmt: skip
    assert [one.status for one in reading.chart.medications] == ["active", "unknown"]


def test_a_statement_keeps_its_period_and_a_stopped_one_stays_stopped():
    told = statement(status="stopped", effectivePeriod={"start": "2020-01-02", "end": "2021-03"})
    reading = read_bundle(bundle(told))
    (one,) = reading.chart.medications
    assert (one.status, one.started_on, one.ended_on) == ("stopped", date(2020, 1, 2), None)
    assert left(reading) == {("MedicationStatement.effective", "DATE-PARTIAL"): 1}


@pytest.mark.parametrize("reference", ["#in", "urn:uuid:med", "Medication/med", "Medication/med/_history/3"])
def test_a_product_elsewhere_is_found(reference):
    product = {"resourceType": "Medication", "id": "med", "code": concept("6448", system=RXNORM, display="lithium")}
    noise = {"resourceType": "PractitionerRole", "id": "in", "code": [concept("1")]}
    ordered = request(medicationReference={"reference": reference}, contained=[noise, product | {"id": "in"}])
    del ordered["medicationCodeableConcept"]
    (one,) = read_bundle(bundle(product, ordered)).chart.medications
    assert one.codings == (Coding(system=RXNORM, code="6448", display="lithium"),)


@pytest.mark.parametrize(("label", "kept"), [("Lithium 300 mg", 1), ("", 0)])
@pytest.mark.parametrize("reference", ["#gone", "Medication/gone"])
def test_a_product_that_is_nowhere_is_kept_by_its_label_alone(reference, label, kept):
    ordered = request(medicationReference={"reference": reference, "display": label})
    del ordered["medicationCodeableConcept"]
    assert len(read_bundle(bundle(ordered)).chart.medications) == kept


def test_kinds_that_nobody_reads_and_entries_without_a_resource():
    claim = {"id": "x", "resourceType": "Claim", "code": 7}
    content = json.loads(bundle(claim))
    content["entry"].append({"fullUrl": "urn:uuid:none"})
    assert left(read_bundle(json.dumps(content).encode())) == {("Claim", "NOT-READ"): 1, ("entry", "NO-RESOURCE"): 1}


def test_the_newest_is_last_and_the_source_says_when_it_changed():
    reading = read_bundle(bundle(
        condition(id="b", onsetDateTime="2021-01-01", meta={"lastUpdated": "2024-01-01T00:00:00Z"}),
        condition(id="a", onsetDateTime="2020-01-01"), condition(id="c", onsetDateTime=""),
    ))  # fmt: skip
    assert [row.fhir_id[-1] for row in reading.rows.conditions] == ["c", "a", "b"]
    assert reading.rows.conditions[2].updated_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert reading.rows.count == 3


def test_ids_come_from_the_address_where_there_is_none_and_never_grow_too_long():
    nameless = condition()
    del nameless["id"]
    content = json.loads(bundle(nameless, condition(id="x" * 300)))
    content["entry"][1]["fullUrl"] = "urn:uuid:abc"
    ids = [row.fhir_id for row in read_bundle(json.dumps(content).encode()).rows.conditions]
    assert "Condition/abc" in ids and max(map(len, ids)) <= 80


@given(st.floats(min_value=1, max_value=500), st.sampled_from(["kg", "g", "[lb_av]", "[oz_av]"]))
def test_a_weight_is_the_same_whatever_unit_it_came_in(weight_kg, unit):
    from reprieve.domain.quantities.units import convert

    given_value = convert(weight_kg, "kg", unit)
    (row,) = read_bundle(bundle(observation("29463-7", given_value, unit))).chart.observations
    assert row.value == pytest.approx(weight_kg, rel=1e-12)


def test_gzip_and_ndjson_and_a_byte_order_mark_read_the_same():
    plain = bundle(condition(), observation())
    lines = "\n".join(json.dumps(entry["resource"]) for entry in json.loads(plain)["entry"]).replace(
        "urn:uuid:p1", "Patient/p1"
    )
    readings = [read_bundle(one) for one in (
        plain, gzip.compress(plain), gzip.compress(plain[:50]) + gzip.compress(plain[50:]), b"\xef\xbb\xbf" + plain,
        json.dumps(json.loads(plain), indent=2).encode(), lines.encode() + b"\n\n",
    )]  # fmt: skip
    assert len({reading.chart.conditions for reading in readings}) == 1
    assert all(reading.taken == readings[0].taken for reading in readings)


def test_rosalina_has_her_allergy_and_scores():
    chart = read_bundle(ROSALINA.read_bytes()).chart
    assert len(chart.allergies) == 1
    assert {row.loinc for row in chart.observations} >= {"44261-6", "70274-6", "75626-2"}


def test_subject_is_named_in_the_patients_own_reference():
    assert SUBJECT["reference"] == json.loads(bundle())["entry"][0]["fullUrl"]
