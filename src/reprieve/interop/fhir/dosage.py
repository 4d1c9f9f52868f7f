"""FHIR `Dosage` to milligrams a day, only where the record says it in mass and by the clock."""

from reprieve.domain.candidacy.chart import Coding
from reprieve.domain.quantities.units import IncompatibleUnits, UnknownUnit, convert
from reprieve.interop.fhir.datatypes import CodeableConcept, Element, Period, Quantity

_DAY = "d"
_TIMES_A_DAY = {"QD": 1.0, "AM": 1.0, "PM": 1.0, "BED": 1.0, "BID": 2.0, "TID": 3.0, "QID": 4.0, "QOD": 0.5,
                "Q4H": 6.0, "Q6H": 4.0, "Q8H": 3.0}  # fmt: skip
_DECIMALS = 6


class Repeat(Element, frozen=True):
    """How often: `frequency` times every `period` `period_unit`. A range (`frequency_max`) is not one number."""

    frequency: int | None = None
    frequency_max: int | None = None
    period: float | None = None
    period_max: float | None = None
    period_unit: str = ""
    day_of_week: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    time_of_day: tuple[str, ...] = ()
    bounds_period: Period = Period()


class Timing(Element, frozen=True):
    """A schedule, spelled out or by its usual abbreviation."""

    repeat: Repeat = Repeat()
    code: CodeableConcept = CodeableConcept()


class DoseAndRate(Element, frozen=True):
    """One dose; a dose range is not read."""

    dose_quantity: Quantity = Quantity()


class Dosage(Element, frozen=True):
    """One instruction."""

    timing: Timing = Timing()
    as_needed_boolean: bool | None = None
    as_needed_codeable_concept: CodeableConcept | None = None
    route: CodeableConcept = CodeableConcept()
    dose_and_rate: tuple[DoseAndRate, ...] = ()


def as_needed(dosages: tuple[Dosage, ...]) -> bool | None:
    """True when any instruction says so, None when none says anything."""
    said = [True if one.as_needed_codeable_concept is not None else one.as_needed_boolean for one in dosages]
    known = [answer for answer in said if answer is not None]
    return any(known) if known else None


def given_by(dosages: tuple[Dosage, ...]) -> tuple[Coding, ...]:
    """The codes of every route that the instructions name."""
    return tuple(dict.fromkeys(coding for one in dosages for coding in one.route.comparable()))


def daily_dose_mg(dosages: tuple[Dosage, ...]) -> float | None:
    """Milligrams a day of the only instruction.

    None when there are several (they may follow each other), when it is taken as needed, when the dose is counted in
    tablets, or when the schedule is a range or absent.
    """
    if len(dosages) != 1 or as_needed(dosages):
        return None
    dose_mg, times = _dose_mg(dosages[0]), _times_a_day(dosages[0].timing)
    return None if dose_mg is None or times is None else round(dose_mg * times, _DECIMALS)


def _dose_mg(dosage: Dosage) -> float | None:
    if len(dosage.dose_and_rate) != 1:
        return None
    dose = dosage.dose_and_rate[0].dose_quantity
    if dose.value is None or dose.comparator:
        return None
    try:
        return convert(dose.value, dose.code, "mg")
    except (UnknownUnit, IncompatibleUnits):
        return None


def _times_a_day(timing: Timing) -> float | None:
    repeat = timing.repeat
    if repeat.frequency_max or repeat.period_max or repeat.day_of_week or repeat.when or repeat.time_of_day:
        return None
    if repeat.period is None:
        return _TIMES_A_DAY.get(timing.code.first_code())
    if repeat.period <= 0 or not repeat.period_unit:
        return None
    try:
        return (repeat.frequency or 1) / convert(repeat.period, repeat.period_unit, _DAY)
    except (UnknownUnit, IncompatibleUnits):
        return None
