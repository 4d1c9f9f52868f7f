"""What the clinician says is to be treated stands, whatever else the record would support."""

from datetime import date

import pytest

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.chart import ICD_10_CM, Chart, ChartCondition, Coding, Sex
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import decide
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

DEPRESSION = ChartCondition(
    codings=(Coding(system=ICD_10_CM, code="F33.2"),), clinical_status="active", verification_status="confirmed"
)
CASE = Case(on=date(2026, 3, 2), chart=Chart(birth_on=None, sex=Sex.UNKNOWN, conditions=(DEPRESSION,)))


@pytest.mark.parametrize(("stated", "treated"), [(None, "IND-TRD"), ("IND-CRPS", "IND-CRPS"), ("IND-TRD", "IND-TRD")])
def test_a_stated_indication_is_not_replaced_by_a_diagnosis(stated, treated):
    answer = decide(CASE, load_rule_base(), load_chart_map(), route=Route.IV, indication=stated)[1]
    assert answer.indication == treated
