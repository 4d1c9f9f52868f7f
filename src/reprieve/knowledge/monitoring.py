"""Numbers of the treatment room, from `knowledge/monitoring/*.toml` and `knowledge/adverse_events/*.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, TypeVar

from reprieve.domain.session.alarms import Level
from reprieve.domain.session.limits import AlarmLimits, ChecklistLimits, DischargeLimits, Intervals, SessionLimits
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import KnowledgeError, read_source
from reprieve.knowledge.values import number

_UNITS = {
    "_per_min": "/min",
    "_mmhg": "mm[Hg]",
    "_percent": "%",
    "_fraction": "1",
    "_cel": "Cel",
    "_min": "min",
    "_s": "s",
}
_SCORE = "{score}"
TableT = TypeVar("TableT", AlarmLimits, ChecklistLimits, DischargeLimits, Intervals)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdverseTerm:
    """An adverse event of the dossier: its id and MedDRA preferred term. `quick`: has a chip beside the chair."""

    id: str
    term: str
    quick: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedAlarm:
    """Something that a person sees and that is an alarm by itself."""

    id: str
    level: Level
    label: str


@cache
def load_limits() -> SessionLimits:
    """Every limit of a dosing session.  Raises: KnowledgeError."""
    return SessionLimits(
        alarms=limits_from(AlarmLimits, read_toml("monitoring/alarms.toml"), "alarms"),
        checklist=limits_from(ChecklistLimits, read_toml("monitoring/checklist.toml"), "checklist"),
        intervals=limits_from(Intervals, read_toml("monitoring/intervals.toml"), "intervals"),
        discharge=limits_from(DischargeLimits, read_toml("monitoring/discharge.toml"), "discharge"),
        observed_alarms={alarm.id: alarm.level.value for alarm in load_observed_alarms().values()},
    )


@cache
def load_observed_alarms() -> Mapping[str, ObservedAlarm]:
    """Alarms that a person sees, by id.  Raises: KnowledgeError."""
    return observed_from(read_toml("monitoring/observed.toml"))


@cache
def load_adverse_terms() -> Mapping[str, AdverseTerm]:
    """Adverse events by id, in the order of the file.  Raises: KnowledgeError."""
    return terms_from(read_toml("adverse_events/terms.toml"))


def limits_from(form: type[TableT], table: Mapping[str, Any], where: str) -> TableT:
    """A table whose keys are exactly the fields, each in the unit of its name.  Raises: KnowledgeError."""
    names = [field.name for field in fields(form)]
    unknown = sorted(set(table) - set(names))
    if unknown:
        raise KnowledgeError(f"{where}.{unknown[0]}", "is not a limit that this program knows")
    return form(**{name: number(table, name, unit=unit_of(name), where=where) for name in names})


def unit_of(name: str) -> str:
    """The UCUM code that the end of a name says; a name without one is a score."""
    return next((code for suffix, code in _UNITS.items() if name.endswith(suffix)), _SCORE)


def observed_from(table: Mapping[str, Any]) -> Mapping[str, ObservedAlarm]:
    """Raises: KnowledgeError when an alarm has no source; KeyError or ValueError for a missing label or level."""
    for alarm_id, entry in table.items():
        read_source(entry, alarm_id)
    return {
        alarm_id: ObservedAlarm(id=alarm_id, level=Level(entry["level"]), label=entry["label"])
        for alarm_id, entry in table.items()
    }


def terms_from(table: Mapping[str, Any]) -> Mapping[str, AdverseTerm]:
    """Raises: KnowledgeError when a term has no source; KeyError for a missing term."""
    for term_id, entry in table.items():
        read_source(entry, term_id)
    return {
        term_id: AdverseTerm(id=term_id, term=entry["term"], quick=entry["quick"]) for term_id, entry in table.items()
    }
