"""FHIR `Patient`: who the bundle is about."""

from datetime import date

from reprieve.domain.candidacy.chart import Sex
from reprieve.errors import InputError
from reprieve.interop.fhir.datatypes import CodeableConcept, Element, Resource
from reprieve.interop.fhir.dates import Imprecise, day_of
from reprieve.interop.fhir.reading import Person

_RECORD_NUMBER = "MR"
_LONGEST_MRN, _LONGEST_NAME, _LONGEST_PHONE = 64, 120, 40
_NAME_USES = ("official", "usual", "")


class Identifier(Element, frozen=True):
    """A number somebody gave to the person."""

    type: CodeableConcept = CodeableConcept()
    system: str = ""
    value: str = ""


class HumanName(Element, frozen=True):
    """A name with the occasion on which it is used."""

    use: str = ""
    family: str = ""
    given: tuple[str, ...] = ()


class ContactPoint(Element, frozen=True):
    """A telephone, or a mail address."""

    system: str = ""
    value: str = ""


class Patient(Resource, frozen=True):
    """The elements of the resource that we read."""

    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    gender: str = ""
    birth_date: str = ""
    telecom: tuple[ContactPoint, ...] = ()


def person_of(patient: Patient, path: str) -> Person:
    """The person.  Raises: InputError FHIR-PERSON naming the element that is missing or unclear."""
    name = _preferred_name(patient, path)
    return Person(
        mrn=_record_number(patient, path),
        family_name=_within(name.family, _LONGEST_NAME, f"{path}.name"),
        given_name=_within(" ".join(name.given), _LONGEST_NAME, f"{path}.name"),
        birth_on=_birth_day(patient, path),
        sex=sex_of(patient),
        phone=_phone(patient),
    )


def sex_of(patient: Patient) -> Sex:
    """Unknown when the record says nothing, or says it in another word."""
    return Sex(patient.gender) if patient.gender in set(Sex) else Sex.UNKNOWN


def record_numbers(patient: Patient) -> set[str]:
    """Identifiers typed MR, else untyped ones. A social security, licence or passport number is never taken instead."""
    return {number for _, number in record_identifiers(patient)}


def record_identifiers(patient: Patient) -> set[tuple[str, str]]:
    """The record numbers, each with the system that gave it (empty where the record names none)."""
    numbered = [one for one in patient.identifier if one.value.strip()]
    typed = [one for one in numbered if any(coding.code == _RECORD_NUMBER for coding in one.type.coding)]
    found = typed or [one for one in numbered if not one.type.coding]
    return {(one.system.strip(), one.value.strip()) for one in found}


def _record_number(patient: Patient, path: str) -> str:
    numbers = record_numbers(patient)
    if len(numbers) != 1:
        problem = "more than one medical record number" if numbers else "no medical record number (type MR)"
        raise InputError("FHIR-PERSON", f"The person has {problem}.", where=f"{path}.identifier")
    return _within(numbers.pop(), _LONGEST_MRN, f"{path}.identifier")


def _preferred_name(patient: Patient, path: str) -> HumanName:
    for use in _NAME_USES:
        for name in patient.name:
            if name.use == use and name.family and name.given:
                return name
    raise InputError("FHIR-PERSON", "The person has no family and given name.", where=f"{path}.name")


def _birth_day(patient: Patient, path: str) -> date:
    day = day_of(patient.birth_date)
    if isinstance(day, date):
        return day
    problems = {
        None: "The date of birth is missing.",
        Imprecise.PARTIAL: "The date of birth is only known to the month or year; enter the person by hand.",
    }
    sentence = problems.get(day, "The date of birth is not a date.")
    raise InputError("FHIR-PERSON", sentence, where=f"{path}.birthDate")


def _phone(patient: Patient) -> str:
    numbers = (one.value for one in patient.telecom if one.system == "phone" and 0 < len(one.value) <= _LONGEST_PHONE)
    return next(numbers, "")


def _within(text: str, longest: int, where: str) -> str:
    if len(text) > longest:
        raise InputError("FHIR-PERSON", f"This is longer than the {longest} characters that fit.", where=where)
    return text
