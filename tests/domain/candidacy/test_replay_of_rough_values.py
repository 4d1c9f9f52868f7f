"""A value known only roughly decides again as it did, from the ends that the record kept (ALG-11)."""

import json
from datetime import date

import pytest

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.facts import Teller, state
from reprieve.domain.candidacy.replay import record_bytes, replay
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import screen
from reprieve.domain.quantities.interval import compared
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

BASE, MAP = load_rule_base(), load_chart_map()
ON = date(2026, 3, 2)


@pytest.mark.parametrize(("comparator", "glucose"), [("<", 70.0), (">", 300.0), ("<=", 100.0)])
def test_a_range_of_glucose_replays(comparator, glucose):
    rough = state(
        BASE.definitions["glucose_mg_per_dl"], compared(comparator, glucose), said_by=Teller.CHART, said_on=ON
    )
    record = screen(Case(on=ON, statements=(rough,)), BASE, MAP, route=Route.IV, indication="IND-TRD").record
    assert record_bytes(replay(json.loads(record_bytes(record)), BASE, MAP)) == record_bytes(record)
