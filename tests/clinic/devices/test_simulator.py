"""The simulated monitor: reproducible, in the layout of real ones, and as the publications describe the course."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from reprieve.clinic.devices.simulator import MonitorIdentity, Scenario, SimulatedMonitor, SimulatedPatient
from reprieve.interop.hl7v2.message import Left
from reprieve.interop.hl7v2.oru_r01 import parse_oru_r01

AT = datetime(2026, 1, 15, 15, 5, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


def monitor(seed=1, scenario=Scenario.CALM, **identity):
    identity = {"chair": "CHAIR2", "mrn": "MRN123", **identity}
    patient = SimulatedPatient(rng=Random(seed), scenario=scenario)  # noqa: S311  a simulation, no secret
    return SimulatedMonitor(identity=MonitorIdentity(**identity), patient=patient)


def course(simulated, minutes=100, step_s=10):
    return [
        parse_oru_r01(
            simulated.message(control_id=f"C{second}", session_minute=second / 60, at=AT + timedelta(seconds=second)),
            zone=ZONE,
        )
        for second in range(0, minutes * 60, step_s)
    ]


def values(messages, code):
    return {one.observed_at: one.value for message in messages for one in message.observations if one.code == code}


def test_the_same_seed_gives_the_same_messages():
    assert [monitor().message(control_id="A", session_minute=3, at=AT)] == [
        monitor().message(control_id="A", session_minute=3, at=AT)
    ]
    assert course(monitor(seed=1)) != course(monitor(seed=2))


def test_pressure_rises_as_published_and_peaks_at_forty_minutes():
    # MON-EXPECT: +16/+11 mmHg on average, peak about 40 min, usually back to baseline by 90 min
    peaks, ends = [], []
    for seed in range(40):
        systolic = values(course(monitor(seed=seed), step_s=60), "150021")
        peaks.append(systolic[AT + timedelta(minutes=40)] - 122)
        ends.append(systolic[AT + timedelta(minutes=95)] - 122)
    assert mean(peaks) == pytest.approx(16, abs=1.5)
    assert mean(ends) == pytest.approx(0, abs=3)


def test_the_cuff_inflates_every_five_minutes_and_is_repeated_with_its_own_time():
    messages = course(monitor())
    times = sorted(values(messages, "150021"))
    assert {late - early for early, late in pairwise(times)} == {timedelta(minutes=5)}
    assert messages[1].observations[0].observed_at == AT


def test_the_hypertensive_patient_passes_the_stop_limit():
    # ALM-BP-STOP anchor: systolic 180 mmHg
    assert max(values(course(monitor(scenario=Scenario.HYPERTENSIVE)), "150021").values()) > 180


def test_the_desaturating_patient_dips_and_recovers():
    saturation = values(course(monitor(scenario=Scenario.DESATURATION)), "150456")
    assert min(saturation.values()) < 90
    assert mean(value for at, value in saturation.items() if at > AT + timedelta(minutes=30)) > 95
    assert min(values(course(monitor()), "150456").values()) > 93


def test_a_probe_that_is_off_is_sent_as_the_sentinel_and_read_as_absent():
    left = [row.reason for message in course(monitor(), step_s=2) for row in message.left]
    assert Left.ABSENT in left
    assert set(left) == {Left.ABSENT, Left.STRUCTURE}


def test_simulated_messages_say_so_unless_told_otherwise():
    message = parse_oru_r01(monitor().message(control_id="A", session_minute=0, at=AT), zone=ZONE)
    assert message.is_simulated
    real = monitor(processing="P", mrn="").message(control_id="A", session_minute=0, at=AT)
    assert not parse_oru_r01(real, zone=ZONE).is_simulated
    assert parse_oru_r01(real, zone=ZONE).mrn is None


def test_an_unknown_scenario_is_one_sentence():
    done = subprocess.run(
        [sys.executable, "-m", "reprieve.cli", "simulate-monitor", "--chair", "C1", "--scenario", "wild"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "SIM-SCENARIO" in done.stderr
