"""Bad files: one sentence, one code, the path inside the document; nothing else ever escapes."""

import gzip
import json

import pytest
from fhir_bundles import bundle, condition, observation, patient, request
from hypothesis import given
from hypothesis import strategies as st

from reprieve.errors import InputError
from reprieve.interop.fhir.bundle import read_bundle

GOOD = bundle(condition(), observation())


def refusal(content, **options):
    with pytest.raises(InputError) as caught:
        read_bundle(content, **options)
    return caught.value


def test_a_file_cut_in_the_middle_says_where():
    content = GOOD[: GOOD.index(b'"onsetDateTime"') + 5]
    problem = refusal(content)
    assert problem.code == "FHIR-JSON" and problem.where == "entry[1]"
    assert "ends in the middle" in problem.sentence and f"of {len(content):,}" in problem.sentence


def test_nonsense_between_entries_says_where():
    problem = refusal(GOOD.replace(b'{"fullUrl": "urn:uuid:o1"', b'{"fullUrl" "urn:uuid:o1"'))
    assert (problem.code, problem.where) == ("FHIR-JSON", "entry[2]") and "not valid JSON" in problem.sentence


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (b"", "FHIR-JSON", "empty"),
        (b"   ", "FHIR-JSON", "empty"),
        (b"{", "FHIR-JSON", "ends in the middle"),
        (b"hello", "FHIR-JSON", "not valid JSON"),
        (b'{"a" }\n{}', "FHIR-JSON", "not valid JSON"),
        (GOOD + b"}", "FHIR-JSON", "not valid JSON"),
        (b'{"resourceType": "Bundle", "x": NaN}', "FHIR-JSON", "not JSON"),
        (b'{"resourceType": "Bundle", "entry": ' + b"[" * 200_000, "FHIR-JSON", "nested too deeply"),
        (b"\xff\xfe{\x00}\x00", "FHIR-JSON", "UTF-8"),
        (b'{"resourceType": "Bundle\xff"}', "FHIR-JSON", "UTF-8"),
        (GOOD.replace(b"Reed", b"Re\\u0000ed"), "FHIR-JSON", "NUL"),
        (b"[]", "FHIR-NOT-BUNDLE", "something else"),
        (b"7", "FHIR-NOT-BUNDLE", "something else"),
        (b"{}", "FHIR-NOT-BUNDLE", "something else"),
        (json.dumps(patient()).encode(), "FHIR-NOT-BUNDLE", "a Patient"),
        (b'{"resourceType": "List", "entry": 3}', "FHIR-NOT-BUNDLE", "a List"),
        (b'{"resourceType": "Bundle"}', "FHIR-NO-PATIENT", "no Patient"),
        (gzip.compress(GOOD, mtime=0)[:-20], "FHIR-GZIP", "ends in the middle"),
        (gzip.compress(GOOD, mtime=0)[:15] + b"damage" * 9, "FHIR-GZIP", "damaged"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_whole_file(content, code, word):
    problem = refusal(content)
    assert problem.code == code and word in problem.sentence


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (bundle(condition(code=[])), "entry[1].resource.code"),
        (bundle(condition(code={"coding": [{"system": 3}]})), "entry[1].resource.code.coding[0].system"),
        (bundle(observation(valueQuantity={"value": "70"})), "entry[1].resource.valueQuantity.value"),
        (bundle(person=patient(name="Reed")), "entry[0].resource.name"),
        (bundle({"resourceType": "Medication", "id": "x", "code": 1}), "entry[1].resource.code"),
        (bundle(entry=7), "entry"),
        (bundle(entry=[{"fullUrl": 1}]), "entry[0].fullUrl"),
        (bundle(entry=[{"resource": 1}]), "entry[0].resource"),
        (bundle({"id": "untyped"}), "entry[1].resource"),
        (bundle(request(medicationReference={"reference": "#a"}, contained=[3])), "entry[1].resource"),
    ],
)
def test_a_part_of_the_wrong_shape_is_named_by_its_path(content, where):
    problem = refusal(content)
    assert (problem.code, problem.where) == ("FHIR-ENTRY", where)


def test_two_patients_are_refused_at_the_second():
    problem = refusal(bundle(patient(id="p2")))
    assert (problem.code, problem.where) == ("FHIR-TWO-PATIENTS", "entry[1].resource")


def test_a_bad_line_of_ndjson_is_named():
    good = json.dumps(patient()).encode()
    assert (refusal(good + b"\n{\n").code, refusal(good + b"\n{\n").where) == ("FHIR-JSON", "line[2]")
    assert refusal(good + b'\n{"a": 1}\n').code == "FHIR-ENTRY"


def test_too_much_is_refused_before_it_is_unpacked():
    bomb = gzip.compress(b" " * 5_000_000)
    assert refusal(bomb, limit_bytes=1024 * 1024).code == "FHIR-TOO-LARGE"
    assert refusal(b" " * 2_000_000, limit_bytes=1024 * 1024).sentence.startswith("The file is larger than the 1 MB")


@given(st.integers(min_value=0, max_value=len(GOOD) - 1), st.binary(max_size=3))
def test_no_damage_escapes_as_anything_but_an_input_error(position, damage):
    content = GOOD[:position] + damage + GOOD[position + len(damage) + 1 :]
    try:
        read_bundle(content)
    except InputError as problem:
        assert problem.sentence.endswith(".") and "\n" not in problem.sentence


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_with_a_sentence(content):
    assert refusal(content).code.startswith("FHIR-")
