"""What can be a measurement at all. Outside of this a value is a slip of the pen or of a device, not a finding."""

from math import isfinite


class Implausible(ValueError):
    """A value that no patient in a chair can have; `name` is the field, in which its unit stands."""

    def __init__(self, name: str, value: float, lower: float, upper: float) -> None:
        self.name, self.value, self.lower, self.upper = name, value, lower, upper
        super().__init__(f"{name} cannot be {value:g}; it lies between {lower:g} and {upper:g}")


BOUNDS: dict[str, tuple[float, float]] = {
    "systolic_mmhg": (30.0, 300.0),
    "diastolic_mmhg": (10.0, 200.0),
    "mean_mmhg": (15.0, 250.0),
    "heart_rate_per_min": (10.0, 300.0),
    "spo2_percent": (10.0, 100.0),
    "respiratory_rate_per_min": (0.0, 80.0),
    "temperature_cel": (25.0, 45.0),
    "weight_kg": (20.0, 350.0),
    "rate_ml_per_h": (0.1, 1200.0),
    "residual_ml": (0.0, 2000.0),
    "moaas": (0.0, 5.0),
    "dissociation": (0.0, 10.0),
    "nausea": (0.0, 10.0),
    "distress": (0.0, 4.0),
    "grade": (1.0, 5.0),
    "aldrete": (0.0, 10.0),
}


def require_plausible(**values: float | None) -> None:
    """Raises: Implausible for the first value that cannot be; None is "not measured" and passes."""
    for name, value in values.items():
        if value is None:
            continue
        lower, upper = BOUNDS[name]
        if not (isfinite(value) and lower <= value <= upper):
            raise Implausible(name, value, lower, upper)


def require_pressure_pair(systolic_mmhg: float | None, diastolic_mmhg: float | None) -> None:
    """A cuff gives both or neither, the systolic above the diastolic.  Raises: ValueError."""
    if (systolic_mmhg is None) != (diastolic_mmhg is None):
        raise ValueError("a blood pressure has a systolic and a diastolic value")
    if systolic_mmhg is not None and diastolic_mmhg is not None and systolic_mmhg <= diastolic_mmhg:
        raise ValueError(f"a blood pressure of {systolic_mmhg:g}/{diastolic_mmhg:g} has its values the wrong way round")


def require_text(text: str, complaint: str) -> None:
    """Raises: ValueError with the complaint when the text says nothing."""
    if not text.strip():
        raise ValueError(complaint)


def measured(values: object) -> dict[str, float | None]:
    """The fields of a slotted record of measurements by name."""
    return {name: getattr(values, name) for name in type(values).__slots__}  # type: ignore[attr-defined]  # slotted
