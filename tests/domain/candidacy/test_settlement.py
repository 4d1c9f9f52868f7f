"""A settlement holds for the very disagreement that was seen, and for no other."""

from datetime import date, timedelta

import pytest

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.chart import ICD_10_CM, Chart, ChartCondition, Coding, Sex
from reprieve.domain.candidacy.facts import Fact, Teller, state
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import screen
from reprieve.domain.candidacy.settlement import Settlement, settle
from reprieve.knowledge.candidacy import fact_definitions, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

ON = date(2026, 3, 2)
KEY = "substance_use_disorder_active"  # fresh for 30 days, the safer answer is yes


def said(value, by, on=ON, detail=()):
    return state(fact_definitions()[KEY], value, said_by=by, said_on=on, detail=detail)


YES, NO = said(True, Teller.CHART, detail=("F10.20",)), said(False, Teller.PATIENT)
SETTLED = Settlement(stated=said(False, Teller.CLINICIAN), believed=YES, other=NO)


def facts(*statements, on=ON):
    return merge(statements, fact_definitions(), on=on)


def test_what_the_clinician_stated_counts_and_the_disagreement_is_closed():
    found, held = settle(facts(YES, NO), [SETTLED])
    assert (found.value(KEY), found.conflicts, held) == (False, (), (SETTLED,))


def test_without_a_settlement_the_safer_counts():
    found, held = settle(facts(YES, NO), [])
    assert found.value(KEY) is True and len(found.conflicts) == 1 and held == ()


@pytest.mark.parametrize(
    "changed",
    [
        (said(True, Teller.CHART, detail=("F10.20", "F11.20")), NO),  # another diagnosis came with an import
        (YES, said(False, Teller.PATIENT, on=ON - timedelta(days=1))),  # said at another time
        (said(True, Teller.PATIENT), said(False, Teller.CHART)),  # the sides changed
    ],
)
def test_a_disagreement_that_changed_is_open_again(changed):
    found, held = settle(facts(*changed), [SETTLED])
    assert found.value(KEY) is True and len(found.conflicts) == 1 and held == ()


def test_a_settlement_grows_old_like_any_statement():
    later = ON + timedelta(days=31)
    lasting = Fact(key=KEY, value=True, said_by=Teller.CHART, said_on=ON)
    denial = Fact(key=KEY, value=False, said_by=Teller.PATIENT, said_on=ON)
    old = Settlement(stated=said(False, Teller.CLINICIAN), believed=lasting, other=denial)
    assert settle(facts(lasting, denial, on=later), [old])[0].value(KEY) is True


def test_where_nobody_disagrees_a_settlement_says_nothing():
    found, held = settle(facts(YES), [SETTLED])
    assert found.value(KEY) is True and held == ()


def test_the_last_settlement_counts():
    other = Settlement(stated=said(True, Teller.CLINICIAN), believed=YES, other=NO)
    assert settle(facts(YES, NO), [SETTLED, other])[1] == (other,)


def test_a_settlement_is_about_one_fact():
    with pytest.raises(ValueError, match="one fact"):
        Settlement(stated=Fact(key="pregnant", value=False, said_by=Teller.CLINICIAN), believed=YES, other=NO)


def test_a_settled_answer_is_in_the_record_and_decides():
    aneurysm = ChartCondition(
        codings=(Coding(system=ICD_10_CM, code="I71.40", display="AAA"),), clinical_status="active",
        verification_status="confirmed", onset_on=None, abated_on=None,
    )  # fmt: skip
    chart = Chart(birth_on=None, sex=Sex.MALE, conditions=(aneurysm,))
    denial = state(fact_definitions()["aneurysm"], False, said_by=Teller.PATIENT, said_on=ON)
    case = Case(on=ON, chart=chart, statements=(denial,))
    base, chart_map = load_rule_base(), load_chart_map()
    before = screen(case, base, chart_map, route=Route.IV)
    conflict = next(item for item in before.reading.facts.conflicts if item.believed.key == "aneurysm")
    stated = state(fact_definitions()["aneurysm"], False, said_by=Teller.CLINICIAN, said_on=ON)
    settlement = Settlement(stated=stated, believed=conflict.believed, other=conflict.other)
    after = screen(Case(on=ON, chart=chart, statements=(denial,), settlements=(settlement,)), base, chart_map,
                   route=Route.IV)  # fmt: skip
    assert "CI-ANEUR" in {item.finding.code for item in before.assessment.findings}
    assert "CI-ANEUR" not in {item.finding.code for item in after.assessment.findings}
    assert after.record["conflicts"] == [] and before.record["settled"] == []
    assert after.record["settled"][0]["stated"]["said_by"] == "clinician"
