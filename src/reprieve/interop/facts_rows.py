"""The lists of a facts file, row by row: diagnoses, medicines, antidepressant trials."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from reprieve.domain.candidacy.chart import ICD_10_CM, RXNORM, SNOMED_CT, ChartCondition, ChartMedication, Coding
from reprieve.domain.candidacy.facts import Teller
from reprieve.domain.candidacy.trials import Trial
from reprieve.errors import InputError
from reprieve.interop.facts_values import day_in, number_in, one_of, only_keys, past_day, yes_no_in
from reprieve.knowledge.chart_map import load_chart_map

_TRIAL = frozenset(Trial.__slots__)
_CONDITION = frozenset({"icd10", "snomed", "status", "onset_on", "abated_on"})
_MEDICATION = frozenset(
    {"name", "rxcui", "status", "daily_dose_mg", "started_on", "ended_on", "as_needed", "route", "said_by", "said_on"}
)
# The value sets of FHIR R4; a word outside them must not pass for "not taken" or "not ill".
_CONDITION_STATUS = frozenset({"active", "recurrence", "relapse", "inactive", "remission", "resolved", "unknown"})
_MEDICATION_STATUS = frozenset(
    {"active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken"}
)
TELLERS = frozenset({Teller.PATIENT, Teller.CLINICIAN, Teller.CHART, Teller.FILE})


def read_condition(row: Mapping[str, Any], where: str) -> ChartCondition:
    """One diagnosis by its codes.  Raises: InputError."""
    only_keys(row, _CONDITION, where)
    systems = {"icd10": ICD_10_CM, "snomed": SNOMED_CT}
    codings = tuple(Coding(system=systems[key], code=str(row[key])) for key in systems if key in row)
    if not codings:
        raise InputError("FACTS-CODE", "A condition needs an icd10 or a snomed code.", where=where)
    return ChartCondition(
        codings=codings,
        clinical_status=one_of(row.get("status", "active"), _CONDITION_STATUS, f"{where}.status"),
        verification_status="confirmed",
        onset_on=day_in(row, "onset_on", where),
        abated_on=day_in(row, "abated_on", where),
    )


def read_medication(row: Mapping[str, Any], where: str, day: date) -> ChartMedication:
    """One medicine, on record or as somebody told it.  Raises: InputError."""
    only_keys(row, _MEDICATION, where)
    name = row.get("name")
    if not isinstance(name, str) or not name.strip():
        raise InputError("FACTS-DRUG", "A medication needs its name.", where=where)
    return ChartMedication(
        name=name,
        codings=tuple(Coding(system=RXNORM, code=str(row[key])) for key in ("rxcui",) if key in row),
        status=one_of(row.get("status", "active"), _MEDICATION_STATUS, f"{where}.status"),
        started_on=day_in(row, "started_on", where),
        ended_on=day_in(row, "ended_on", where),
        daily_dose_mg=number_in(row, "daily_dose_mg", where),
        as_needed=yes_no_in(row, "as_needed", where),
        given_by=_given_by(row, where),
        said_by=Teller(one_of(row.get("said_by", Teller.CHART), TELLERS, f"{where}.said_by")),
        said_on=past_day(row["said_on"], f"{where}.said_on", day) if "said_on" in row else None,
    )


def _given_by(row: Mapping[str, Any], where: str) -> tuple[Coding, ...]:
    """`route = "nasal"` as the SNOMED CT code that a record would carry."""
    if "route" not in row:
        return ()
    routes = {route.name: min(route.snomed) for route in load_chart_map().medicine_routes}
    return (Coding(system=SNOMED_CT, code=routes[one_of(row["route"], frozenset(routes), f"{where}.route")]),)


def read_trial(row: Mapping[str, Any], where: str) -> Trial:
    """One antidepressant trial.  Raises: InputError."""
    only_keys(row, _TRIAL, where)
    return Trial(
        drug=_drug_name(row.get("drug"), where),
        daily_dose_mg=number_in(row, "daily_dose_mg", where),
        weeks=number_in(row, "weeks", where),
        improvement_percent=number_in(row, "improvement_percent", where),
        adherence_percent=number_in(row, "adherence_percent", where),
        stopped_for_side_effects=yes_no_in(row, "stopped_for_side_effects", where),
        current_episode=yes_no_in(row, "current_episode", where),
        added_to=_drug_name(row["added_to"], where) if row.get("added_to") is not None else None,
        said_by=Teller(one_of(row["said_by"], TELLERS, f"{where}.said_by")) if "said_by" in row else None,
    )


def _drug_name(value: object, where: str) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip().lower()
    raise InputError("FACTS-TRIAL", "A trial needs the name of its drug.", where=where)
