"""What is given: doses by every route, with the checks that keep nonsense out of a prediction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from reprieve.domain.pharmacology.linear_model import Drug, Route

_MIN_PER_H = 60.0
_SPREAD_BY_DEVICE = frozenset({Route.IV, Route.IM, Route.SC})


class RegimenError(ValueError):
    """A dose or a time that cannot be; `code` and `params` make the sentence in the shell."""

    def __init__(self, code: str, **params: float | str) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """mg of base of the drug as labelled, given at one time; `duration_min` 0 is a push (iv) or a single act.

    `device` counts nasal devices of one session from 1.
    Raises: RegimenError PK-DOSE-AMOUNT, PK-DOSE-TIME, PK-DOSE-DURATION, PK-DEVICE-NUMBER.
    """

    drug: Drug
    route: Route
    at_min: float
    amount_mg: float
    duration_min: float = 0.0
    device: int = 1

    def __post_init__(self) -> None:
        if not (isfinite(self.amount_mg) and self.amount_mg >= 0.0):
            raise RegimenError("PK-DOSE-AMOUNT", amount_mg=self.amount_mg)
        if not (isfinite(self.at_min) and self.at_min >= 0.0):
            raise RegimenError("PK-DOSE-TIME", at_min=self.at_min)
        if not (isfinite(self.duration_min) and self.duration_min >= 0.0):
            raise RegimenError("PK-DOSE-DURATION", duration_min=self.duration_min, route=str(self.route))
        if self.duration_min > 0.0 and self.route not in _SPREAD_BY_DEVICE:
            raise RegimenError("PK-DOSE-DURATION", duration_min=self.duration_min, route=str(self.route))
        if self.device < 1:
            raise RegimenError("PK-DEVICE-NUMBER", device=self.device)

    @property
    def end_min(self) -> float:
        return self.at_min + self.duration_min


def rate_steps_doses(
    rows: Iterable[tuple[float, float]], *, drug: Drug, until_min: float | None = None
) -> tuple[Dose, ...]:
    """An infusion with rate changes from rows of (start_min, rate_mg_per_h); a rate of 0 is a pause.

    The last rate runs to `until_min`; without it the last rate must be 0.
    Raises: RegimenError PK-STEPS-EMPTY, PK-STEPS-ORDER, PK-STEPS-RATE, PK-STEPS-OPEN.
    """
    steps = list(rows)
    if not steps:
        raise RegimenError("PK-STEPS-EMPTY")
    if steps[-1][1] != 0.0:
        if until_min is None:
            raise RegimenError("PK-STEPS-OPEN", rate_mg_per_h=steps[-1][1])
        steps.append((until_min, 0.0))
    found = []
    for (start, rate), (end, _) in pairwise(steps):
        if not (isfinite(start) and isfinite(end) and end > start):
            raise RegimenError("PK-STEPS-ORDER", start_min=start, next_min=end)
        if not (isfinite(rate) and rate >= 0.0):
            raise RegimenError("PK-STEPS-RATE", rate_mg_per_h=rate)
        if rate > 0.0:
            amount, length = rate / _MIN_PER_H * (end - start), end - start
            found.append(Dose(drug=drug, route=Route.IV, at_min=start, amount_mg=amount, duration_min=length))
    return tuple(found)


def devices(*, drug: Drug, count: int, amount_mg: float, at_min: float = 0.0, gap_min: float = 5.0) -> tuple[Dose, ...]:
    """Nasal devices one after another, `amount_mg` each.  Raises: RegimenError PK-DEVICE-NUMBER, PK-DEVICE-OVERLAP."""
    if count < 1:
        raise RegimenError("PK-DEVICE-NUMBER", device=count)
    doses = tuple(
        Dose(drug=drug, route=Route.IN, at_min=at_min + index * gap_min, amount_mg=amount_mg, device=index + 1)
        for index in range(count)
    )
    check_doses(doses)
    return doses


def check_doses(doses: Sequence[Dose]) -> None:
    """Two nasal devices cannot be used at the same instant.  Raises: RegimenError PK-DEVICE-OVERLAP."""
    times = sorted(dose.at_min for dose in doses if dose.route is Route.IN)
    for earlier, later in pairwise(times):
        if not later > earlier:
            raise RegimenError("PK-DEVICE-OVERLAP", at_min=later)
