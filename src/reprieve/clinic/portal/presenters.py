"""Words and numbers as the phone pages show them."""

import re
from dataclasses import dataclass

from reprieve.clinic.accounts.models import Clinic
from reprieve.knowledge.preparation_at_home import load_fasting


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Who to call. `*_dial` are the digits for a `tel:` link, empty when the text has none."""

    clinic_name: str
    crisis_line: str
    crisis_dial: str
    clinic_phone: str
    clinic_dial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFasting:
    """Whole hours before the session."""

    solids_h: int
    clear_liquids_h: int


def help_of(clinic: Clinic) -> Help:
    """The crisis line and the clinic's own phone."""
    return Help(
        clinic_name=clinic.name,
        crisis_line=clinic.crisis_line,
        crisis_dial=dialable(clinic.crisis_line),
        clinic_phone=clinic.phone,
        clinic_dial=dialable(clinic.phone),
    )


def dialable(text: str) -> str:
    """The first telephone number in a text: `988` of "988 (call or text)"."""
    found = re.search(r"\+?\d[\d\s().-]*", text)
    return "" if found is None else re.sub(r"[^\d+]", "", found.group())


def fasting() -> HomeFasting:
    """FAST-IV in whole hours."""
    known = load_fasting()
    return HomeFasting(solids_h=int(known.solids.in_unit("h")), clear_liquids_h=int(known.clear_liquids.in_unit("h")))
