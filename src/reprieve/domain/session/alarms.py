"""Alarms as values: what has tripped, since when, whether it is confirmed, who answered.

Each episode is keyed by its rule and the event that caused it. An episode is pending until its confirmation time has
passed, active, and resolved when the value is back; a later trip is a new episode and has to be answered anew. When
the causing value is corrected away, the log is folded again and the episode never was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Level(StrEnum):
    """Weakest first."""

    CAUTION = "CAUTION"
    STOP = "STOP"
    EMERGENCY = "EMERGENCY"

    @property
    def rank(self) -> int:
        """0 for the weakest."""
        return list(Level).index(self)


class Stage(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    RESOLVED = "resolved"


class Verdict(StrEnum):
    """What one observation says to one rule. WITHIN keeps an open episode open but starts none (hysteresis)."""

    TRIPPED = "tripped"
    WITHIN = "within"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One limb of a rule: its level, how long the value must stay, and when to look again (None: no recheck)."""

    rule: str
    limb: str
    level: Level
    confirm_s: float = 0.0
    recheck_s: float | None = None

    @property
    def name(self) -> str:
        return f"{self.rule}/{self.limb}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    by_id: UUID
    at: datetime
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One episode. `recheck_due_at` is None when nothing is to be repeated or the episode is over."""

    key: str
    rule: str
    level: Level
    stage: Stage
    cause: UUID
    since_at: datetime
    active_at: datetime | None = None
    resolved_at: datetime | None = None
    recheck_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmBoard:
    """All episodes of a session: open ones by the limb that opened them, closed ones in order, and the answers."""

    open: Mapping[str, Alarm] = field(default_factory=dict)
    closed: tuple[Alarm, ...] = ()
    answers: Mapping[str, Acknowledgement] = field(default_factory=dict)

    def advance(self, trigger: Trigger, verdict: Verdict, *, at: datetime, cause: UUID) -> "AlarmBoard":
        """The board after one observation has spoken to one trigger."""
        alarm = self.open.get(trigger.name)
        if alarm is None:
            return self._opened(trigger, at, cause) if verdict is Verdict.TRIPPED else self
        if verdict is Verdict.CLEAR:
            return self._resolved(trigger.name, alarm, at)
        return self._kept(trigger, alarm, verdict, at)

    def acknowledged(self, key: str, answer: Acknowledgement) -> "AlarmBoard":
        """The board with an answer; something a person saw is over once a person has dealt with it."""
        board = replace(self, answers={**self.answers, key: answer})
        seen = next((name for name, alarm in self.open.items() if alarm.key == key and name.endswith("/seen")), None)
        return board if seen is None else board._resolved(seen, self.open[seen], answer.at)

    def current(self) -> tuple[Alarm, ...]:
        """Open episodes, one a rule (its strongest), strongest first, then oldest first."""
        strongest: dict[str, Alarm] = {}
        for alarm in self.open.values():
            known = strongest.get(alarm.rule)
            if known is None or _urgency(alarm) < _urgency(known):
                strongest[alarm.rule] = alarm
        return tuple(sorted(strongest.values(), key=_urgency))

    def all(self) -> tuple[Alarm, ...]:
        """Every episode that became active, and those pending now, by the time they began."""
        happened = [alarm for alarm in self.closed if alarm.active_at is not None] + list(self.open.values())
        return tuple(sorted(happened, key=lambda alarm: (alarm.since_at, alarm.key)))

    def _opened(self, trigger: Trigger, at: datetime, cause: UUID) -> "AlarmBoard":
        recheck_s = trigger.confirm_s or trigger.recheck_s
        alarm = Alarm(
            key=f"{trigger.rule}:{trigger.limb}:{cause}",
            rule=trigger.rule,
            level=trigger.level,
            stage=Stage.PENDING if trigger.confirm_s else Stage.ACTIVE,
            cause=cause,
            since_at=at,
            active_at=None if trigger.confirm_s else at,
            recheck_due_at=at + timedelta(seconds=recheck_s) if recheck_s else None,
        )
        return replace(self, open={**self.open, trigger.name: alarm})

    def _kept(self, trigger: Trigger, alarm: Alarm, verdict: Verdict, at: datetime) -> "AlarmBoard":
        """Not back yet: confirmed when it is still out of limits after its time, and a due recheck is set anew."""
        has_lasted = (at - alarm.since_at).total_seconds() >= trigger.confirm_s
        if alarm.stage is Stage.PENDING and verdict is Verdict.TRIPPED and has_lasted:
            alarm = replace(alarm, stage=Stage.ACTIVE, active_at=at, recheck_due_at=None)
        if alarm.stage is Stage.ACTIVE and trigger.recheck_s is not None:
            alarm = replace(alarm, recheck_due_at=at + timedelta(seconds=trigger.recheck_s))
        return replace(self, open={**self.open, trigger.name: alarm})

    def _resolved(self, name: str, alarm: Alarm, at: datetime) -> "AlarmBoard":
        over = replace(alarm, stage=Stage.RESOLVED, resolved_at=at, recheck_due_at=None)
        left = {key: value for key, value in self.open.items() if key != name}
        return replace(self, open=left, closed=(*self.closed, over))


def _urgency(alarm: Alarm) -> tuple[bool, int, datetime]:
    return (alarm.stage is Stage.PENDING, -alarm.level.rank, alarm.since_at)
