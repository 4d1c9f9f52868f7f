"""UCUM codes at the edge, one unit per dimension inside.

Inside the program a quantity is a plain number whose unit is in its name (`weight_kg`). A quantity that comes from
outside is a value with a UCUM code and is converted here, once. An unknown code raises; nothing is guessed.
Source: The Unified Code for Units of Measure, version 2.1 (ucum.org).
"""

from dataclasses import dataclass


class UnknownUnit(ValueError):
    """The UCUM code is not one that this program reads."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"unknown UCUM code {code!r}")


class IncompatibleUnits(ValueError):
    """The two codes measure different things (a mass is not a length)."""

    def __init__(self, code: str, target: str) -> None:
        self.code = code
        self.target = target
        super().__init__(f"cannot convert {code!r} to {target!r}")


@dataclass(frozen=True, slots=True)
class Unit:
    """One UCUM code: `base_value = value * factor + offset` in the base unit of its dimension."""

    code: str
    dimension: str
    factor: float
    offset: float = 0.0


_MINUTE, _HOUR, _DAY = 1.0, 60.0, 1440.0
_TABLE: dict[str, dict[str, float]] = {
    "mass": {
        "kg": 1.0,
        "g": 1e-3,
        "mg": 1e-6,
        "ug": 1e-9,
        "ng": 1e-12,
        "[lb_av]": 0.45359237,
        "[oz_av]": 0.028349523125,
    },
    "length": {"m": 1.0, "cm": 0.01, "mm": 0.001, "[in_i]": 0.0254, "[ft_i]": 0.3048},
    "time": {
        "min": _MINUTE,
        "ms": 1 / 60_000,
        "s": 1 / 60,
        "h": _HOUR,
        "d": _DAY,
        "wk": 7 * _DAY,
        "mo": 30.4375 * _DAY,
        "a": 365.25 * _DAY,
    },
    "volume": {"L": 1.0, "l": 1.0, "dL": 0.1, "mL": 1e-3, "ml": 1e-3, "uL": 1e-6},
    "pressure": {"mm[Hg]": 1.0, "kPa": 7.500616827, "Pa": 7.500616827e-3},
    "frequency": {
        "/min": 1.0,
        "{beats}/min": 1.0,
        "{breaths}/min": 1.0,
        "/s": 60.0,
        "/h": 1 / 60,
        "Hz": 60.0,
        "%/h": 1 / 6000,
    },
    "fraction": {"%": 1.0, "1": 100.0},
    "mass_concentration": {
        "mg/L": 1.0,
        "ng/mL": 1e-3,
        "ug/L": 1e-3,
        "ug/mL": 1.0,
        "mg/mL": 1e3,
        "mg/dL": 10.0,
        "g/dL": 1e4,
        "g/L": 1e3,
    },
    "amount_concentration": {"mmol/L": 1.0, "umol/L": 1e-3, "nmol/L": 1e-6, "nmol/mL": 1e-3, "meq/L": 1.0},
    "catalytic_concentration": {"U/L": 1.0, "[iU]/L": 1.0},
    "arbitrary_concentration": {"m[IU]/L": 1.0, "u[IU]/mL": 1.0},
    "dose_per_mass": {"mg/kg": 1.0, "ug/kg": 1e-3},
    "mass_rate": {"mg/min": 1.0, "mg/h": 1 / 60},
    "volume_rate": {"mL/h": 1.0, "mL/min": 60.0, "L/h": 1e3, "L/min": 6e4, "mL/min/{1.73_m2}": 60.0},
    "volume_rate_per_mass": {"L/min/kg": 1.0, "mL/min/kg": 1e-3, "L/h/kg": 1 / 60},
    "volume_rate_per_time": {"L/min/a": 1.0, "L/h/a": 1 / 60},
    "frequency_per_time": {"/min/a": 1.0, "/h/a": 1 / 60},
    "specific_volume": {"L/kg": 1.0, "mL/kg": 1e-3},
    "dose_rate_per_mass": {"mg/kg/h": 1.0, "mg/kg/min": 60.0, "ug/kg/min": 0.06},
    "molar_mass": {"g/mol": 1.0},
    "mass_per_area": {"kg/m2": 1.0},
    "score": {"{score}": 1.0, "{#}": 1.0},
}
UNITS: dict[str, Unit] = {
    code: Unit(code, dimension, factor) for dimension, codes in _TABLE.items() for code, factor in codes.items()
} | {"Cel": Unit("Cel", "temperature", 1.0), "[degF]": Unit("[degF]", "temperature", 5 / 9, -160 / 9)}


_TO_MASS = ("amount_concentration", "mass_concentration")
_TO_AMOUNT = ("mass_concentration", "amount_concentration")


def unit(code: str) -> Unit:
    """The unit of a UCUM code.  Raises: UnknownUnit."""
    try:
        return UNITS[code]
    except KeyError:
        raise UnknownUnit(code) from None


def convert(value: float, code: str, target: str) -> float:
    """`value` given in UCUM `code`, in UCUM `target`.  Raises: UnknownUnit, IncompatibleUnits."""
    given, wanted = unit(code), unit(target)
    if given.dimension != wanted.dimension:
        raise IncompatibleUnits(code, target)
    if given.code == wanted.code:
        return value
    return (value * given.factor + given.offset - wanted.offset) / wanted.factor


def convert_substance(value: float, code: str, target: str, *, molar_mass_g_per_mol: float | None) -> float:
    """As `convert`; also between amount and mass of a substance whose molar mass is known (mmol/L to mg/dL).

    Raises: UnknownUnit, IncompatibleUnits.
    """
    dimensions = (unit(code).dimension, unit(target).dimension)
    if molar_mass_g_per_mol is None or dimensions not in (_TO_MASS, _TO_AMOUNT):
        return convert(value, code, target)
    if dimensions == _TO_MASS:
        return convert(convert(value, code, "mmol/L") * molar_mass_g_per_mol, "mg/L", target)
    return convert(convert(value, code, "mg/L") / molar_mass_g_per_mol, "mmol/L", target)
