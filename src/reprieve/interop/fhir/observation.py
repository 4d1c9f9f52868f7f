"""FHIR `Observation`: one row a measured value, a panel (blood pressure) one row a component."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from reprieve.domain.candidacy.chart import LOINC, UCUM, ChartObservation
from reprieve.domain.quantities.interval import COMPARATORS, Interval, compared
from reprieve.domain.quantities.measurements import MeasurementCode, MeasurementKind, OutsideItsScale
from reprieve.domain.quantities.units import IncompatibleUnits, UnknownUnit
from reprieve.interop.fhir.datatypes import CodeableConcept, Element, Period, Quantity, Reference, Resource
from reprieve.interop.fhir.dates import Imprecise, instant_of
from reprieve.interop.fhir.reading import Account, Reason

_TAKEN_STATUS = frozenset({"final", "amended", "corrected"})
_LEFT_STATUS = {"entered-in-error": Reason.ENTERED_IN_ERROR, "cancelled": Reason.CANCELLED}
_IMPRECISE = {
    Imprecise.PARTIAL: Reason.DATE_PARTIAL,
    Imprecise.INVALID: Reason.DATE_INVALID,
    Imprecise.NO_ZONE: Reason.DATE_NO_ZONE,
}
_REFUSED: Mapping[type[ValueError], Reason] = {
    UnknownUnit: Reason.UNIT_UNKNOWN,
    IncompatibleUnits: Reason.UNIT_INCOMPATIBLE,
    OutsideItsScale: Reason.VALUE_OUT_OF_SCALE,
}
_SCORE = "{score}"
Codes = Mapping[str, MeasurementCode]


class Measured(Element, frozen=True):
    """What an observation and each of its components have: a code and a value, or why there is none."""

    code: CodeableConcept = CodeableConcept()
    value_quantity: Quantity | None = None
    value_integer: int | None = None
    value_codeable_concept: CodeableConcept | None = None
    data_absent_reason: CodeableConcept | None = None


class Observation(Resource, frozen=True):
    """The elements of the resource that we read."""

    subject: Reference = Reference()
    focus: tuple[Reference, ...] = ()
    status: str = ""
    code: CodeableConcept = CodeableConcept()
    effective_date_time: str = ""
    effective_instant: str = ""
    effective_period: Period = Period()
    value_quantity: Quantity | None = None
    value_integer: int | None = None
    value_codeable_concept: CodeableConcept | None = None
    data_absent_reason: CodeableConcept | None = None
    component: tuple[Measured, ...] = ()


Values = dict[str, tuple[ChartObservation, CodeableConcept]]


def chart_observations(observation: Observation, codes: Codes, account: Account, path: str) -> Values | Reason:
    """The values by their LOINC code, or why the whole observation is left.

    Only final, amended and corrected results are taken. A component that cannot be read is left alone, its reason in
    the account; when no component can, the first reason stands for the observation.
    """
    known = [(one, code, place) for one, place in _parts(observation, codes, path) if (code := _known(one.code, codes))]
    if not known:
        return Reason.CODE_NOT_READ
    reason = _unusable(observation)
    if reason is not None:
        return reason
    at = instant_of(_effective(observation))
    if isinstance(at, Imprecise):
        return _IMPRECISE[at]
    return _values(known, at, account)


def _values(known: list[tuple[Measured, MeasurementCode, str]], at: datetime, account: Account) -> Values | Reason:
    taken: Values = {}
    refused: list[tuple[Reason, str]] = []
    for one, code, place in known:
        value = _value(one, code, at)
        if isinstance(value, Reason):
            refused.append((value, place))
        elif code.loinc not in taken:
            taken[code.loinc] = (value, one.code)
    if not taken:
        return refused[0][0]
    for reason, place in refused:
        account.leave("Observation.component", reason, place)
    return taken


def _parts(observation: Observation, codes: Codes, path: str) -> Iterator[tuple[Measured, str]]:
    """The components, and the observation itself where it says something beside them."""
    own = _known(observation.code, codes)
    has_value = bool(observation.value_quantity or observation.value_codeable_concept)
    has_value = has_value or observation.value_integer is not None
    if not observation.component or has_value or (own is not None and own.kind is MeasurementKind.DONE):
        yield _itself(observation), path
    for index, component in enumerate(observation.component):
        yield component, f"{path}.component[{index}]"


def _itself(observation: Observation) -> Measured:
    return Measured(
        code=observation.code,
        value_quantity=observation.value_quantity,
        value_integer=observation.value_integer,
        value_codeable_concept=observation.value_codeable_concept,
        data_absent_reason=observation.data_absent_reason,
    )


def _known(concept: CodeableConcept, codes: Codes) -> MeasurementCode | None:
    """The code we read; of several (pulse oximetry has two) the one that our table lists first."""
    given = {coding.code for coding in concept.coding if coding.system == LOINC and coding.code in codes}
    if len(given) <= 1:
        return codes[given.pop()] if given else None
    return next(code for loinc, code in codes.items() if loinc in given)


def _unusable(observation: Observation) -> Reason | None:
    if observation.focus:
        return Reason.OTHER_FOCUS
    if observation.status in _TAKEN_STATUS:
        return None if _effective(observation) else Reason.NO_DATE
    return _LEFT_STATUS.get(observation.status, Reason.NOT_FINAL)


def _effective(observation: Observation) -> str:
    period = observation.effective_period
    return observation.effective_date_time or observation.effective_instant or period.end or period.start


def _value(one: Measured, code: MeasurementCode, at: datetime) -> ChartObservation | Reason:
    display = one.code.name() or code.title
    if code.kind is MeasurementKind.CODED:
        answers = one.value_codeable_concept.comparable() if one.value_codeable_concept else ()
        if not answers:
            return Reason.NO_VALUE
        return ChartObservation(loinc=code.loinc, effective_at=at, value_codings=answers, display=display)
    if code.kind is MeasurementKind.DONE:
        return _done(one, code, at, display)
    number = _number(one, code)
    if isinstance(number, Reason):
        return number
    if isinstance(number, Interval):
        return ChartObservation(loinc=code.loinc, effective_at=at, interval=number, unit=code.unit, display=display)
    return ChartObservation(loinc=code.loinc, effective_at=at, value=number, unit=code.unit, display=display)


def _done(one: Measured, code: MeasurementCode, at: datetime, display: str) -> ChartObservation | Reason:
    """That it was done, whatever it found; not where the record says that it was not (`dataAbsentReason`)."""
    if one.data_absent_reason is not None:
        return Reason.NO_VALUE
    return ChartObservation(loinc=code.loinc, effective_at=at, display=display)


def _number(one: Measured, code: MeasurementCode) -> float | Interval | Reason:
    """The number in the unit we keep. A whole number without a unit is read only as a score."""
    if one.value_quantity is not None:
        return _converted(one.value_quantity, code)
    if one.value_integer is not None and code.unit == _SCORE:
        return _converted(Quantity(value=one.value_integer, system=UCUM, code=_SCORE), code)
    return Reason.NO_VALUE if one.value_integer is None else Reason.UNIT_MISSING


def _converted(quantity: Quantity, code: MeasurementCode) -> float | Interval | Reason:
    """A comparator leaves an interval; one that FHIR knows for orders only (`ad`) says nothing about a measurement."""
    if quantity.value is None:
        return Reason.NO_VALUE
    if quantity.comparator and quantity.comparator not in COMPARATORS:
        return Reason.COMPARATOR
    if not quantity.code or quantity.system != UCUM:
        return Reason.UNIT_MISSING
    try:
        kept = code.canonical(quantity.value, quantity.code)
    except (UnknownUnit, IncompatibleUnits, OutsideItsScale) as problem:
        return _REFUSED[type(problem)]
    return compared(quantity.comparator, kept) if quantity.comparator else kept
