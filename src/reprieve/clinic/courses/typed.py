"""What a person types into a field: a number, perhaps with a unit. A unit is checked, never guessed or dropped."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from reprieve.domain.quantities.units import UNITS, convert
from reprieve.errors import InputError

_TYPED = re.compile(r"(?P<number>[+-]?[\d.,]*)\s*(?P<unit>.*)", re.DOTALL)
_SPOKEN = {
    "lb": "[lb_av]", "lbs": "[lb_av]", "pound": "[lb_av]", "pounds": "[lb_av]",
    "in": "[in_i]", "inches": "[in_i]", "ft": "[ft_i]", "feet": "[ft_i]", "hour": "h", "hours": "h",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field: what it is called, its unit as printed beside it, and how many decimals it may have."""

    code: str
    name: str
    unit: str
    decimals: int


def read_typed(text: str, asked: Asked) -> Decimal:
    """The number in the unit of the field.

    Raises: InputError with the field's code and one sentence: nothing typed, no number, another unit, not above 0,
    too many decimals.
    """
    match = _TYPED.fullmatch(text.strip())
    number_text, unit_text = (match["number"], match["unit"].strip()) if match else ("", text)
    value = _number(number_text, text, asked)
    if unit_text and unit_text.lower() != asked.unit.lower():
        raise _other_unit(value, unit_text, asked)
    if value <= 0:
        raise _refusal(asked, "POSITIVE", _("%(name)s must be more than 0 %(unit)s, not %(text)s."), text=text.strip())
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > asked.decimals:
        raise _refusal(
            asked, "DIGITS", _("%(name)s takes at most %(decimals)s decimals, not %(text)s."), text=text.strip()
        )
    return value


def _number(number_text: str, text: str, asked: Asked) -> Decimal:
    if not text.strip():
        raise _refusal(asked, "MISSING", _("Enter %(name_low)s in %(unit)s."))
    if "," in number_text:
        raise _refusal(
            asked, "COMMA", _("Write %(text)s with a decimal point; a comma can mean two things."), text=text.strip()
        )
    try:
        return Decimal(number_text)
    except InvalidOperation:
        raise _refusal(asked, "NUMBER", _("“%(text)s” is not a number of %(unit)s."), text=text.strip()) from None


def _other_unit(value: Decimal, unit_text: str, asked: Asked) -> InputError:
    """Say what the typed unit means in the unit of the field, where that is possible."""
    if asked.unit == "mg/kg" and unit_text.lower().replace(" ", "") in (
        "mg/kg/h",
        "mg/kg/hr",
        "mg/kg/hour",
        "mg/kg/min",
    ):
        sentence = _("%(unit_typed)s is a rate; order mg/kg for the whole infusion and give the minutes separately.")
        return _refusal(asked, "RATE", sentence, unit_typed=unit_text)
    code = _SPOKEN.get(unit_text.lower(), unit_text)
    if code in UNITS and asked.unit in UNITS and UNITS[code].dimension == UNITS[asked.unit].dimension:
        converted = round(convert(float(value), code, asked.unit), asked.decimals)
        sentence = _(
            "%(name)s is asked in %(unit)s: %(value)s %(unit_typed)s is %(converted)s %(unit)s. "
            "Enter that if it is right."
        )
        return _refusal(asked, "UNIT", sentence, value=value, unit_typed=unit_text, converted=f"{converted:g}")
    sentence = _("%(name)s is asked in %(unit)s; “%(unit_typed)s” is something else.")
    return _refusal(asked, "UNIT", sentence, unit_typed=unit_text)


def _refusal(asked: Asked, kind: str, sentence: str, **values: object) -> InputError:
    name_low = asked.name[:1].lower() + asked.name[1:]
    filled = sentence % {
        "name": asked.name,
        "name_low": name_low,
        "unit": asked.unit,
        "decimals": asked.decimals,
        **values,
    }
    return InputError(f"{asked.code}-{kind}", filled)
