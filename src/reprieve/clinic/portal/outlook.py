"""What the rules say to the answers of a self-check alone, without any record."""

from datetime import date

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.decision import INDICATION_STATED
from reprieve.domain.candidacy.facts import Teller, state
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import decide
from reprieve.domain.candidacy.self_check import SelfCheck, self_check
from reprieve.knowledge.candidacy import fact_definitions, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map
from reprieve.knowledge.self_check import Answers, screened_for, self_check_questions


def outlook_of(answers: Answers, *, on: date, complaint: str | None = None) -> SelfCheck:
    """Likely, needs a talk, or not now; by the vein, which has no exclusion that another route lacks.

    `complaint`: the indication whose rules are read; None: that of most people.
    """
    statements = tuple(
        state(fact_definitions()[fact], value, said_by=Teller.PATIENT, said_on=on)
        for fact, value in answers.items()
        if value is not None
    )
    case = Case(on=on, statements=statements)
    assessment = decide(
        case, load_rule_base(), load_chart_map(), route=Route.IV, indication=complaint or screened_for()
    )[1]
    talk = frozenset(question.fact for question in self_check_questions().values() if question.talk)
    asked = answers if complaint is None else {INDICATION_STATED: True, **answers}
    return self_check(assessment, asked, talk=talk)
