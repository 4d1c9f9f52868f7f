"""Sentences for codes of the import report, for pages and the command line."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reprieve.interop.fhir.reading import Reason

REASONS: Mapping[Reason, str | Promise] = {
    Reason.NOT_READ: _("Reprieve has no use for this kind of resource yet."),
    Reason.CODE_NOT_READ: _("A measurement or question that Reprieve does not use."),
    Reason.NO_CODE: _("No code with its code system, so it cannot be compared."),
    Reason.NO_RESOURCE: _("The entry holds no resource."),
    Reason.NO_ID: _("The resource has no id, so it could not be recognised a second time."),
    Reason.DUPLICATE: _("The same resource comes earlier in the file."),
    Reason.NO_SUBJECT: _("It does not say whose it is."),
    Reason.OTHER_SUBJECT: _("It belongs to somebody else."),
    Reason.OTHER_FOCUS: _("It is about somebody or something other than the patient."),
    Reason.ENTERED_IN_ERROR: _("The source marked it as entered in error."),
    Reason.CANCELLED: _("It was cancelled."),
    Reason.NOT_FINAL: _("It is not final."),
    Reason.NOT_ORDERED: _("It was proposed, not ordered."),
    Reason.DO_NOT_PERFORM: _("It says not to give the medicine."),
    Reason.REFUTED: _("The allergy was ruled out."),
    Reason.NO_DATE: _("It has no date."),
    Reason.DATE_PARTIAL: _("Only the year or month is known; no day was invented."),
    Reason.DATE_INVALID: _("The date is not a date."),
    Reason.DATE_NO_ZONE: _("The time has no time zone."),
    Reason.NO_VALUE: _("It has no value."),
    Reason.COMPARATOR: _("The value is only known as below or above a limit."),
    Reason.UNIT_MISSING: _("The unit is missing or not coded in UCUM; none was assumed."),
    Reason.UNIT_UNKNOWN: _("The unit is not one that Reprieve knows."),
    Reason.UNIT_INCOMPATIBLE: _("The unit measures something else."),
    Reason.VALUE_OUT_OF_SCALE: _("The value is not on the scale of this measurement."),
}

_UNITS = {
    "mm[Hg]": "mmHg",
    "Cel": "°C",
    "{score}": "",
    "kg/m2": "kg/m²",
    "m[IU]/L": "mIU/L",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
}
_ONE_DECIMAL_FROM = 10
_SEMANTIC_TAG = re.compile(r" \((?:disorder|finding|situation|substance|procedure|person|event|product)\)$")


def reason_sentence(code: str) -> str:
    """The sentence of a reason code as it stands in a stored report."""
    return str(REASONS[Reason(code)])


def unit_shown(ucum: str) -> str:
    """A UCUM code as clinicians write it."""
    return _UNITS.get(ucum, ucum)


def number_shown(value: float, ucum: str = "") -> str:
    """Counts a minute as whole numbers; else two decimals below ten and one from there on, without needless zeros."""
    decimals = 0 if ucum == "/min" else 1 if abs(value) >= _ONE_DECIMAL_FROM else 2
    return f"{round(value, decimals):.10g}"


def clinical_name(display: str) -> str:
    """A name without the tag that SNOMED CT appends: `Fibromyalgia (disorder)` is Fibromyalgia."""
    return _SEMANTIC_TAG.sub("", display)
