"""Safe Harbor de-identification: a field leaves the clinic only if a rule here says how.

Every field of every table has exactly one rule. A field without a rule is refused, so a new column of the chart
cannot leak by being forgotten. The table in docs/reference/registry-deidentification.md is made from `RULES`.

Source: 45 CFR 164.514(b)(2)(i), identifiers A to R; 164.514(c) for the random study id.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reprieve.errors import InputError
from reprieve.registry.rows import OLDEST_AGE

UNLISTED = "unlisted"
"""Stands for a code outside its list: that something was recorded stays, what was typed does not."""


class Table(StrEnum):
    PERSON = "person"
    SESSION = "session"
    SCORE = "score"


class Action(StrEnum):
    """What happens to a field on its way out."""

    DROP = "dropped"
    AGE = "age in years at the first dose; 90 and over as one group"
    YEAR = "year only"
    DAYS = "whole days since the first dose"
    NUMBER = "kept; must be a number, a yes or no, or empty"
    CODE = "kept if it is a listed code, else `unlisted`"
    RANDOM_ID = "kept; random, made for the registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """One field, what happens to it, and which of the identifiers A-R makes it so ("" for none)."""

    field: str
    action: Action
    identifier: str = ""
    becomes: str = ""
    listed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The person's own time zero."""

    first_dose_on: date


def _dropped(identifier: str, *fields: str) -> tuple[FieldRule, ...]:
    return tuple(FieldRule(field=field, action=Action.DROP, identifier=identifier) for field in fields)


def _numbers(*fields: str) -> tuple[FieldRule, ...]:
    return tuple(FieldRule(field=field, action=Action.NUMBER, becomes=field) for field in fields)


def _code(field: str, listed: str) -> FieldRule:
    return FieldRule(field=field, action=Action.CODE, becomes=field, listed=listed)


_IDENTIFIERS = (
    *_dropped("A", "family_name", "given_name", "clinician", "signed_by", "escort_name"),
    *_dropped("B", "address", "city", "county", "postal_code", "clinic_name"),
    *_dropped("D", "phone"),
    *_dropped("E", "fax"),
    *_dropped("F", "email"),
    *_dropped("G", "social_security_number"),
    *_dropped("H", "mrn", "patient_id"),
    *_dropped("I", "insurance_member_number"),
    *_dropped("J", "account_number"),
    *_dropped("K", "licence_number", "dea_number"),
    *_dropped("L", "vehicle"),
    *_dropped("M", "device", "pump_serial", "monitor_serial"),
    *_dropped("N", "url", "full_url"),
    *_dropped("O", "ip_address"),
    *_dropped("P", "voice_recording"),
    *_dropped("Q", "photo"),
    *_dropped("R", "session_id", "order_id", "response_id", "event_hash", "lot", "note", "closing_note"),
)

RULES: Mapping[Table, tuple[FieldRule, ...]] = {
    Table.PERSON: (
        FieldRule(field="birth_on", action=Action.AGE, identifier="C", becomes="age_at_index"),
        FieldRule(field="first_dose_on", action=Action.YEAR, identifier="C", becomes="index_year"),
        *_dropped("C", "died_on", "created_at"),
        _code("sex", "female|male|other|unknown"),
        _code("indication", "IND-[A-Z0-9-]{2,20}"),
        _code("regimen", "REG-[A-Z0-9-]{2,20}"),
        *_numbers("baseline_phq9", "baseline_days_before"),
        *_numbers("induction_sessions", "last_induction_day", "follow_up_closed"),
        *_IDENTIFIERS,
    ),
    Table.SESSION: (
        FieldRule(field="row_id", action=Action.RANDOM_ID, becomes="row_id"),
        FieldRule(field="started_on", action=Action.DAYS, identifier="C", becomes="days_since_first_dose"),
        *_dropped("C", "started_at", "ended_at", "opened_at", "released_at", "signed_at"),
        _code("phase", "induction|maintenance"),
        _code("drug", "racemic_ketamine|esketamine"),
        _code("route", "IV|IM|SC|IN|PO|SL"),
        _code("weight_basis", "actual|ideal|adjusted|lean"),
        _code("adverse_event_codes", "(AE|ALM)-[A-Z0-9-]{2,20}"),
        _code("intervention_codes", "benzodiazepine|opioid|antihypertensive_iv|antiemetic|other"),
        *_numbers(
            "course_number", "session_number", "ordered_mg", "delivered_mg", "delivered_mg_per_kg", "weight_kg",
            "infusion_min", "baseline_systolic_mmhg", "peak_systolic_mmhg", "lowest_spo2_percent",
            "lowest_respiratory_rate_per_min", "lowest_moaas", "peak_dissociation", "worst_adverse_event_grade",
            "stopped_early", "released_after_min", "baseline_phq9", "last_phq9_before",
        ),
        FieldRule(field="baseline_diastolic_mmhg", action=Action.DROP),
        *_IDENTIFIERS,
    ),
    Table.SCORE: (
        FieldRule(field="answered_on", action=Action.DAYS, identifier="C", becomes="days_since_first_dose"),
        *_dropped("C", "answered_at"),
        _code("instrument", "phq-9"),
        *_numbers("total", "days_since_last_dose"),
        FieldRule(field="answers", action=Action.DROP),
        *_IDENTIFIERS,
    ),
}  # fmt: skip

_BY_FIELD: Mapping[Table, Mapping[str, FieldRule]] = {
    table: {rule.field: rule for rule in rules} for table, rules in RULES.items()
}


def deidentify(table: Table, record: Mapping[str, object], *, index: Index) -> dict[str, object]:
    """The columns that may leave, from one record of the clinic.

    Raises: InputError REG-FIELD-UNKNOWN for a field without a rule, REG-FIELD-VALUE for a value of another kind
    than its rule expects (text in a number, for instance).
    """
    rules = _BY_FIELD[table]
    unknown = sorted(set(record) - set(rules))
    if unknown:
        raise InputError(
            "REG-FIELD-UNKNOWN",
            f"No de-identification rule covers the field {unknown[0]!r} of a {table.value} record; nothing was sent.",
            where=unknown[0],
        )
    kept = {field: value for field, value in record.items() if rules[field].action is not Action.DROP}
    return {rules[field].becomes: _outgoing(rules[field], value, index) for field, value in kept.items()}


def _outgoing(rule: FieldRule, value: object, index: Index) -> object:
    match rule.action:
        case Action.AGE:
            return None if value is None else top_coded_age(_a_date(rule, value), on=index.first_dose_on)
        case Action.YEAR:
            return _a_date(rule, value).year
        case Action.DAYS:
            return (_a_date(rule, value) - index.first_dose_on).days
        case Action.NUMBER:
            return _a_number(rule, value)
        case Action.CODE:
            return _listed(rule, value)
        case _:
            return str(value)


def top_coded_age(birth_on: date, *, on: date) -> int:
    """Age in whole years, 90 for everyone of 90 or more."""
    before_birthday = (on.month, on.day) < (birth_on.month, birth_on.day)
    return min(on.year - birth_on.year - int(before_birthday), OLDEST_AGE)


def _a_date(rule: FieldRule, value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _wrong_kind(rule, "a date without a time")
    return value


def _a_number(rule: FieldRule, value: object) -> object:
    if value is not None and not isinstance(value, bool | int | float):
        raise _wrong_kind(rule, "a number")
    return value


def _listed(rule: FieldRule, value: object) -> object:
    if value is None:
        return None
    if isinstance(value, tuple | list):
        return [_listed(rule, item) for item in value]
    return value if isinstance(value, str) and re.fullmatch(rule.listed, value) else UNLISTED


def _wrong_kind(rule: FieldRule, expected: str) -> InputError:
    return InputError("REG-FIELD-VALUE", f"The field {rule.field!r} must hold {expected}.", where=rule.field)
