"""Bedside monitors, one MLLP socket each, in a process of their own: `chairs.py PLAN RESULT`.

The pulse counts up from message to message, so that a page which shows it says which message it has.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from reprieve.clinic.devices.mllp_client import MonitorClient
from reprieve.clinic.devices.simulator import Cuff, MonitorIdentity, Numbers, SimulatedMonitor, SimulatedPatient

LOWEST_PULSE, PULSES = 55, 60
_CUFF_EVERY_MIN = 5.0
_QUIET_S = 2


@dataclass(slots=True)
class CountingPatient(SimulatedPatient):
    """Calm until the crisis, and never the same pulse twice within a minute."""

    messages: int = 0
    in_crisis: bool = False

    def cuff(self, minute: float, at: datetime) -> Cuff:
        systolic, diastolic = (210, 125) if self.in_crisis else (130, 80)
        return Cuff(systolic=systolic, diastolic=diastolic, mean=(systolic + 2 * diastolic) // 3, at=at)

    def numbers(self, minute: float) -> Numbers:
        pulse = LOWEST_PULSE + self.messages % PULSES
        self.messages += 1
        return Numbers(spo2=97, pulse=pulse, respiratory_rate=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message: `written_s` is the wall clock just before its bytes went to the socket."""

    session: str
    at: str
    pulse: int
    written_s: float
    answered_s: float
    answer: str
    is_crisis: bool


async def _chair(seat: dict[str, str], plan: dict[str, Any], begin_at: datetime, shift_s: float) -> list[Sent]:
    """Readings at an even pace, then silence, then one cuff pressure in crisis.

    Each carries a whole second of its own, a little before it is sent, as monitors round it.
    """
    patient = CountingPatient(rng=Random(0))
    identity = MonitorIdentity(chair=seat["chair"], mrn=seat["mrn"], facility=plan["facility"])
    monitor = SimulatedMonitor(identity=identity, patient=patient, cuff_every_min=_CUFF_EVERY_MIN)
    client = MonitorClient(host="127.0.0.1", port=plan["gateway_port"])
    sent: list[Sent] = []
    moments = [*range(plan["seconds"]), plan["seconds"] + _QUIET_S]
    for second in moments:
        at = begin_at + timedelta(seconds=second)
        patient.in_crisis = second == moments[-1]
        minute = 1e6 if patient.in_crisis else second / 60
        pulse = LOWEST_PULSE + patient.messages % PULSES
        message = monitor.message(control_id=f"{seat['chair']}-{second}", session_minute=minute, at=at)
        await asyncio.sleep(max(0.0, at.timestamp() + shift_s - time.time()))
        written_s = time.time()
        answered = await client.deliver(message)
        sent.append(
            Sent(session=seat["session"], at=at.isoformat(), pulse=pulse, written_s=written_s, answered_s=time.time(),
                 answer=answered.answer, is_crisis=patient.in_crisis)
        )  # fmt: skip
    await client.close()
    return sent


async def _all(plan: dict[str, Any]) -> list[Sent]:
    """All chairs, spread evenly over the second."""
    begin_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    seats = plan["seats"]
    chairs = [_chair(seat, plan, begin_at, number / len(seats)) for number, seat in enumerate(seats)]
    return [sent for chair in await asyncio.gather(*chairs) for sent in chair]


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    sent = asyncio.run(_all(plan))
    rows = [{name: getattr(one, name) for name in Sent.__dataclass_fields__} for one in sent]
    Path(sys.argv[2]).write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
