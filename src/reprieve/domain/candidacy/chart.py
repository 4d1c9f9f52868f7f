"""The part of a medical record that candidacy reads, free of any wire format or database.

`interop.fhir` makes a `Chart` from a bundle and `clinic.patients` makes one from its tables, so the same facts come
out of both. Absent is None: it never means "no".
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from reprieve.domain.candidacy.facts import Teller
from reprieve.domain.quantities.interval import Interval

LOINC = "http://loinc.org"
SNOMED_CT = "http://snomed.info/sct"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"


class Sex(StrEnum):
    """FHIR `administrative-gender`."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A code tied to its system (FHIR `Coding`); a code without a system is not comparable and is kept out."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartCondition:
    """FHIR `Condition`. `clinical_status`: active, recurrence, relapse, inactive, remission, resolved or unknown."""

    codings: tuple[Coding, ...]
    clinical_status: str
    verification_status: str = "unknown"
    onset_on: date | None = None
    abated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMedication:
    """FHIR `MedicationRequest` or `MedicationStatement`. `daily_dose_mg` only where the record states it in mass.

    `given_by` are the codes of its route where the record has any. `said_by`: the record, or who told it on `said_on`.
    """

    codings: tuple[Coding, ...]
    name: str
    status: str
    started_on: date | None = None
    ended_on: date | None = None
    daily_dose_mg: float | None = None
    as_needed: bool | None = None
    given_by: tuple[Coding, ...] = ()
    said_by: Teller = Teller.CHART
    said_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartAllergy:
    """FHIR `AllergyIntolerance`."""

    codings: tuple[Coding, ...]
    name: str
    clinical_status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartObservation:
    """One measured value (a blood pressure panel becomes one row a component). `unit` is a UCUM code or empty.

    `interval` in place of `value` where the record says only `<` or `>`, so that nobody takes its end for the value.
    """

    loinc: str
    effective_at: datetime
    value: float | None = None
    interval: Interval | None = None
    unit: str = ""
    value_codings: tuple[Coding, ...] = ()
    display: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything known of one person, newest last in each list."""

    birth_on: date | None
    sex: Sex
    conditions: tuple[ChartCondition, ...] = field(default=())
    medications: tuple[ChartMedication, ...] = field(default=())
    allergies: tuple[ChartAllergy, ...] = field(default=())
    observations: tuple[ChartObservation, ...] = field(default=())
