"""Go or not: the items GO-* from measurements and answers, and what they add up to.

Unknown is not go. HOLD needs a prescriber's decision with a reason; a blood pressure of 160/100 and above has to be
rechecked first, no decision gets round it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reprieve.domain.quantities.spans import minutes_between
from reprieve.domain.session.limits import ChecklistLimits
from reprieve.domain.session.resting import RestingPressure
from reprieve.domain.session.state import RestingValues, SessionState

ANSWERED_ITEMS = (
    "GO-ID", "GO-CONS", "GO-FAST", "GO-PREG", "GO-SUBST", "GO-MED", "GO-MSE", "GO-LUTS", "GO-ESC", "GO-STAFF",
    "GO-IV", "GO-PREVAE",
)  # fmt: skip
MEASURED_ITEMS = ("GO-ORDER", "GO-BP", "GO-HR", "GO-SPO2", "GO-RR", "GO-TEMP")


class Outcome(StrEnum):
    """GO, HOLD and NO_GO of the table; RECHECK is a HOLD that nobody may accept; UNKNOWN has no fresh value."""

    GO = "GO"
    HOLD = "HOLD"
    RECHECK = "RECHECK"
    UNKNOWN = "UNKNOWN"
    NO_GO = "NO_GO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the checklist. `value` is what was measured or the answer's note, `at` when."""

    id: str
    outcome: Outcome
    at: datetime | None = None
    values: tuple[float, ...] = ()
    is_stale: bool = False
    needs_second_reading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """All items and their sum. `may_start` includes the decision on a HOLD and the two attestations (B5)."""

    items: tuple[Item, ...]
    outcome: Outcome
    hold_is_accepted: bool
    attested_by: int

    @property
    def may_start(self) -> bool:
        """Everything known, nothing against it, and two people matched patient and bag."""
        decided = self.outcome is Outcome.GO or (self.outcome is Outcome.HOLD and self.hold_is_accepted)
        return decided and self.attested_by >= 2

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)


def checklist(state: SessionState, limits: ChecklistLimits, *, now_at: datetime) -> Checklist:
    """The go/no-go of a session at one instant."""
    items = (*_measured_items(state, limits, now_at), *_answered_items(state, limits, now_at))
    fresh_attestations = {
        attestation.by_id
        for attestation in state.attestations
        if minutes_between(attestation.at, now_at) <= limits.fresh_min
    }
    return Checklist(
        items=items,
        outcome=_sum(items),
        hold_is_accepted=_hold_is_accepted(state, items),
        attested_by=len(fresh_attestations),
    )


def pressure_outcome(pressure: RestingPressure, limits: ChecklistLimits) -> Outcome:
    """GO-BP for the mean of a complete set.  Source: bands of GO-BP in the monitoring file."""
    systolic, diastolic = pressure.systolic_mmhg, pressure.diastolic_mmhg
    if (
        not limits.systolic_go_lower_mmhg <= systolic < limits.systolic_no_go_mmhg
        or not limits.diastolic_no_go_below_mmhg <= diastolic < limits.diastolic_no_go_mmhg
    ):
        return Outcome.NO_GO
    if systolic >= limits.systolic_recheck_mmhg or diastolic >= limits.diastolic_recheck_mmhg:
        return Outcome.RECHECK
    is_go = systolic <= limits.systolic_go_upper_mmhg and (
        limits.diastolic_go_lower_mmhg <= diastolic <= limits.diastolic_go_upper_mmhg
    )
    return Outcome.GO if is_go else Outcome.HOLD


def _sum(items: Sequence[Item]) -> Outcome:
    """NO_GO if any, then unknown, then what must be rechecked, then HOLD."""
    found = {item.outcome for item in items}
    order = (Outcome.NO_GO, Outcome.UNKNOWN, Outcome.RECHECK, Outcome.HOLD)
    return next((outcome for outcome in order if outcome in found), Outcome.GO)


def _hold_is_accepted(state: SessionState, items: Sequence[Item]) -> bool:
    """A decision covers only the holds that were there when it was made."""
    holds = [item.at for item in items if item.outcome is Outcome.HOLD and item.at is not None]
    return state.hold is not None and all(at <= state.hold.at for at in holds)


def _answered_items(state: SessionState, limits: ChecklistLimits, now_at: datetime) -> Iterator[Item]:
    for item_id in ANSWERED_ITEMS:
        answered = state.answers.get(item_id)
        if answered is None:
            yield Item(id=item_id, outcome=Outcome.UNKNOWN)
        else:
            yield _fresh(Item(id=item_id, outcome=Outcome(answered.answer.value), at=answered.at), limits, now_at)


def _measured_items(state: SessionState, limits: ChecklistLimits, now_at: datetime) -> Iterator[Item]:
    yield _fresh(_weight_item(state, limits), limits, now_at)
    yield _fresh(_pressure_item(state.baseline, limits), limits, now_at)
    for item in (_heart_rate, _spo2, _respiratory_rate, _temperature):
        yield _fresh(item(state.resting, limits), limits, now_at)


def _fresh(item: Item, limits: ChecklistLimits, now_at: datetime) -> Item:
    if item.at is None or minutes_between(item.at, now_at) <= limits.fresh_min:
        return item
    return Item(id=item.id, outcome=Outcome.UNKNOWN, at=item.at, values=item.values, is_stale=True)


def _pressure_item(pressure: RestingPressure | None, limits: ChecklistLimits) -> Item:
    if pressure is None:
        return Item(id="GO-BP", outcome=Outcome.UNKNOWN)
    return Item(
        id="GO-BP",
        outcome=pressure_outcome(pressure, limits) if pressure.is_complete else Outcome.UNKNOWN,
        at=pressure.at,
        values=(pressure.systolic_mmhg, pressure.diastolic_mmhg),
        needs_second_reading=not pressure.is_complete,
    )


def _weight_item(state: SessionState, limits: ChecklistLimits) -> Item:
    """GO-ORDER: the dose is recomputed when today's weight is 5 % away from the order's."""
    at, weight_kg = _last(state.resting, "weight_kg")
    if weight_kg is None or state.opened is None:
        return Item(id="GO-ORDER", outcome=Outcome.UNKNOWN)
    change = abs(weight_kg - state.opened.weight_kg) / state.opened.weight_kg
    outcome = Outcome.HOLD if change >= limits.weight_change_fraction else Outcome.GO
    return Item(id="GO-ORDER", outcome=outcome, at=at, values=(weight_kg, state.opened.weight_kg))


def _heart_rate(resting: Sequence[RestingValues], limits: ChecklistLimits) -> Item:
    at, rate = _last(resting, "heart_rate_per_min")
    return _banded(
        "GO-HR", at, rate,
        go=(limits.heart_rate_go_lower_per_min, limits.heart_rate_go_upper_per_min),
        hold=(limits.heart_rate_go_lower_per_min, limits.heart_rate_no_go_above_per_min),
    )  # fmt: skip


def _spo2(resting: Sequence[RestingValues], limits: ChecklistLimits) -> Item:
    at, spo2 = _last(resting, "spo2_percent")
    return _banded("GO-SPO2", at, spo2, go=(limits.spo2_go_percent, 100.0), hold=(limits.spo2_hold_percent, 100.0))


def _respiratory_rate(resting: Sequence[RestingValues], limits: ChecklistLimits) -> Item:
    at, rate = _last(resting, "respiratory_rate_per_min")
    return _banded(
        "GO-RR", at, rate,
        go=(limits.respiratory_rate_go_lower_per_min, limits.respiratory_rate_go_upper_per_min),
        hold=(limits.respiratory_rate_go_lower_per_min, limits.respiratory_rate_no_go_above_per_min),
    )  # fmt: skip


def _temperature(resting: Sequence[RestingValues], limits: ChecklistLimits) -> Item:
    at, temperature = _last(resting, "temperature_cel")
    if temperature is None:
        return Item(id="GO-TEMP", outcome=Outcome.UNKNOWN)
    if temperature >= limits.temperature_no_go_cel:
        outcome = Outcome.NO_GO
    else:
        outcome = Outcome.GO if temperature < limits.temperature_go_below_cel else Outcome.HOLD
    return Item(id="GO-TEMP", outcome=outcome, at=at, values=(temperature,))


def _banded(
    item_id: str,
    at: datetime | None,
    value: float | None,
    *,
    go: tuple[float, float],
    hold: tuple[float, float],
) -> Item:
    """GO inside the inner band, HOLD inside the outer one, NO_GO beyond; both bands are closed."""
    if value is None:
        return Item(id=item_id, outcome=Outcome.UNKNOWN)
    outcome = Outcome.NO_GO
    if go[0] <= value <= go[1]:
        outcome = Outcome.GO
    elif hold[0] <= value <= hold[1]:
        outcome = Outcome.HOLD
    return Item(id=item_id, outcome=outcome, at=at, values=(value,))


def _last(resting: Sequence[RestingValues], name: str) -> tuple[datetime | None, float | None]:
    for taken in reversed(resting):
        value: float | None = getattr(taken.values, name)
        if value is not None:
            return taken.at, value
    return None, None
