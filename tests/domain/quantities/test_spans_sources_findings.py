"""Spans of time, sources and findings."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from reprieve.domain.quantities.findings import Finding, Severity
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.domain.quantities.spans import NaiveInstant, age_years, minutes_between
from reprieve.errors import InputError, SetupError


def test_minutes_between_zones():
    start = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    end = datetime(2026, 3, 1, 5, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert minutes_between(start, end) == 90.0


def test_an_instant_without_zone_is_refused():
    with pytest.raises(NaiveInstant):
        minutes_between(datetime(2026, 3, 1, 9, 0), datetime(2026, 3, 1, 9, 0, tzinfo=UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1980, 5, 17), date(2026, 5, 16), 45),
        (date(1980, 5, 17), date(2026, 5, 17), 46),
        (date(2004, 2, 29), date(2022, 2, 28), 17),  # birthday on 1 March in a year without 29 February
        (date(2004, 2, 29), date(2022, 3, 1), 18),
    ],
)
def test_age_in_completed_years(born, on, years):
    assert age_years(born, on=on) == years


def test_nobody_is_older_than_unborn():
    with pytest.raises(ValueError, match="before birth"):
        age_years(date(2026, 1, 2), on=date(2026, 1, 1))


def test_severities_are_ranked_strongest_first():  # ALG-01
    assert [s.rank for s in (Severity.EMERGENCY, Severity.ABSOLUTE, Severity.INFO)] == [0, 1, 5]


def test_a_source_needs_a_key():
    with pytest.raises(ValueError, match="source key"):
        Source(keys=(), confidence=Confidence.VERIFIED)


def test_a_finding_keeps_its_numbers():
    source = Source(keys=("ESK-PI",), confidence=Confidence.VERIFIED)
    finding = Finding(code="CI-HTN-140", severity=Severity.CAUTION, source=source, params={"systolic_mmhg": 146})
    assert finding.params["systolic_mmhg"] == 146
    assert not finding.temporary


def test_errors_are_one_sentence_with_a_code():
    assert (
        str(InputError("FHIR-JSON", "This is not JSON.", where="line 3")) == "FHIR-JSON: This is not JSON. (at line 3)"
    )
    assert str(InputError("X", "Empty.")) == "X: Empty."
    assert str(SetupError("DB", "No server.", remedy="Start it.")) == "DB: No server. Start it."
