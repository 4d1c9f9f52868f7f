"""Words and numbers as the phone pages show them."""

import re
from dataclasses import dataclass

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.portal import wording
from reprieve.domain.candidacy.decision import INDICATION_STATED
from reprieve.domain.candidacy.self_check import SelfCheck
from reprieve.knowledge.preparation_at_home import load_fasting
from reprieve.knowledge.self_check import (
    Answers,
    SelfCheckQuestion,
    asks_for_a_talk,
    complaints,
    screened_for,
    self_check_questions,
)


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


def help_without_clinic() -> Help:
    """The crisis line alone, where no clinic is known."""
    line = str(Clinic._meta.get_field("crisis_line").default)
    return Help(clinic_name="", crisis_line=line, crisis_dial=dialable(line), clinic_phone="", clinic_dial="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """The outlook in words; `reasons` are what was told and matters, `unanswered` what stayed open."""

    outlook: str
    title: str
    meaning: str
    icon: str
    tone: str
    danger: bool
    reasons: tuple[SelfCheckQuestion, ...]
    unanswered: tuple[SelfCheckQuestion, ...]


def check_view(found: SelfCheck, answers: Answers, complaint: str | None = None) -> CheckView:
    """Never a diagnosis, never a promise: the three answers and what could change them."""
    title, meaning, icon, tone = wording.OUTLOOKS[found.outlook]
    questions = self_check_questions()
    told = (fact for fact, value in answers.items() if value is True)
    return CheckView(
        outlook=found.outlook,
        title=str(title),
        meaning=str(meaning),
        icon=icon,
        tone=tone,
        danger=found.emergency or asks_for_a_talk(told),
        reasons=tuple(questions[fact] if fact in questions else _as_question(complaint) for fact in found.reasons),
        unanswered=tuple(questions[fact] for fact in found.unanswered),
    )


def _as_question(complaint: str | None) -> SelfCheckQuestion:
    """The complaint where it is itself the reason."""
    one = complaints()[complaint or screened_for()]
    return SelfCheckQuestion(fact=INDICATION_STATED, ask=one.ask, why=one.why, change=one.change, is_number=False)


def dialable(text: str) -> str:
    """The first telephone number in a text: `988` of "988 (call or text)"."""
    found = re.search(r"\+?\d[\d\s().-]*", text)
    return "" if found is None else re.sub(r"[^\d+]", "", found.group())


def fasting() -> HomeFasting:
    """FAST-IV in whole hours."""
    known = load_fasting()
    return HomeFasting(solids_h=int(known.solids.in_unit("h")), clear_liquids_h=int(known.clear_liquids.in_unit("h")))
