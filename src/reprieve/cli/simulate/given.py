"""What is given, from the options: doses of any route, nasal devices, or a file of rate changes."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reprieve.domain.pharmacology.linear_model import Drug, Route
from reprieve.domain.pharmacology.regimen import Dose, devices, rate_steps_doses
from reprieve.errors import InputError

DEVICE_MG = 28.0
"""One esketamine device, mg of base (label)."""
_COLUMNS = ("start_min", "rate_mg_per_h")
_SAME_MG = 1e-6
_MOST_DEVICES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The options that say what is given; None is not said."""

    drug: Drug
    route: Route
    dose_mg: float | None
    dose_mg_per_kg: float | None
    duration_min: float | None
    steps: Path | None
    devices: int | None
    device_gap_min: float
    weight_kg: float
    until_min: float


def doses_of(given: Given) -> tuple[Dose, ...]:
    """The doses.  Raises: InputError SIM-DOSE, SIM-DEVICES, SIM-STEPS; RegimenError."""
    if given.steps is not None:
        return _from_steps(given, given.steps)
    if given.route is Route.IN:
        return _by_nose(given)
    if given.devices is not None:
        raise InputError("SIM-DEVICES", "Devices are for the nose; use --route in.", where="--devices")
    amount = _amount(given)
    if amount is None:
        raise InputError("SIM-DOSE", "Say what is given: --dose-mg, --dose-mg-per-kg, --steps or --devices.")
    duration = given.duration_min or 0.0
    return (Dose(drug=given.drug, route=given.route, at_min=0.0, amount_mg=amount, duration_min=duration),)


def _amount(given: Given) -> float | None:
    if given.dose_mg is not None and given.dose_mg_per_kg is not None:
        raise InputError("SIM-DOSE", "Give --dose-mg or --dose-mg-per-kg, not both.", where="--dose-mg-per-kg")
    if given.dose_mg_per_kg is not None:
        return given.dose_mg_per_kg * given.weight_kg
    return given.dose_mg


def _by_nose(given: Given) -> tuple[Dose, ...]:
    if given.duration_min:
        raise InputError("SIM-DOSE", "A nasal dose has no duration; say --devices.", where="--duration-min")
    amount = _amount(given)
    if given.drug is Drug.ESKETAMINE:
        return _esketamine_devices(given, amount)
    if amount is None:
        raise InputError("SIM-DOSE", "A racemic spray has no standard dose; say --dose-mg.", where="--dose-mg")
    count = 1 if given.devices is None else _counted(given.devices)
    return _row(given, count=count, amount_mg=amount / count)


def _esketamine_devices(given: Given, amount: float | None) -> tuple[Dose, ...]:
    """28 mg a device; one smaller dose is one device used in part."""
    if amount is None:
        if given.devices is None:
            raise InputError("SIM-DOSE", "Say how much is given: --devices (28 mg each) or --dose-mg.")
        return _row(given, count=_counted(given.devices), amount_mg=DEVICE_MG)
    count = given.devices if given.devices is not None else max(1, round(amount / DEVICE_MG))
    if given.devices is None and amount < DEVICE_MG:
        return _row(given, count=1, amount_mg=amount)
    if abs(amount - _counted(count) * DEVICE_MG) > _SAME_MG:
        sentence = f"{amount:g} mg is not {count} x 28 mg: a device holds 28 mg of esketamine."
        raise InputError("SIM-DEVICES", sentence, where="--devices")
    return _row(given, count=count, amount_mg=DEVICE_MG)


def _counted(count: int) -> int:
    if not 1 <= count <= _MOST_DEVICES:
        raise InputError("SIM-DEVICES", f"{count} is no number of nasal devices.", where="--devices")
    return count


def _row(given: Given, *, count: int, amount_mg: float) -> tuple[Dose, ...]:
    return devices(drug=given.drug, count=count, amount_mg=amount_mg, gap_min=given.device_gap_min)


def _from_steps(given: Given, path: Path) -> tuple[Dose, ...]:
    if given.route is not Route.IV:
        raise InputError("SIM-STEPS", "Rate changes are for an infusion; use --route iv.", where="--steps")
    others = (given.dose_mg, given.dose_mg_per_kg, given.duration_min, given.devices)
    if any(other is not None for other in others):
        sentence = "The file of rate changes says everything; leave dose, duration and devices out."
        raise InputError("SIM-STEPS", sentence, where="--steps")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(_rows(file))
    except OSError as problem:
        raise InputError("SIM-STEPS", f"Cannot read {path}: {problem.strerror}.", where="--steps") from None
    except UnicodeDecodeError:
        raise InputError("SIM-STEPS", f"{path} is no text in UTF-8.", where="--steps") from None
    except csv.Error:
        raise InputError("SIM-STEPS", f"{path} is no file of short lines with commas.", where="--steps") from None
    until = max(given.until_min, rows[-1][0]) if rows else 0.0
    runs_on = bool(rows) and rows[-1][1] != 0.0 and until > rows[-1][0]
    return rate_steps_doses(rows, drug=given.drug, until_min=until if runs_on else None)


def _rows(file: Iterator[str]) -> Iterator[tuple[float, float]]:
    reader = csv.reader(file)
    header = tuple(name.strip() for name in next(reader, ()))
    if header != _COLUMNS:
        raise InputError("SIM-STEPS", f"The first line must be {','.join(_COLUMNS)}.", where="line 1")
    for line in reader:
        if not line:
            continue
        try:
            start, rate = map(float, line)
        except ValueError:
            sentence = f"{','.join(line)!r} is not a minute and a rate in mg/h."
            raise InputError("SIM-STEPS", sentence, where=f"line {reader.line_num}") from None
        yield start, rate
