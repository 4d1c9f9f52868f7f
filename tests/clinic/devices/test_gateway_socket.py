"""The gateway on a real socket: monitors that stammer, die in the middle, flood, or send twice."""

import asyncio
import os
import signal
import socket as sockets
import struct
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from device_rows import make_running_session
from django.db import OperationalError
from factories import make_clinic
from oru_messages import obx, oru, pressure

from reprieve.clinic.devices import gateway as gateway_module
from reprieve.clinic.devices.gateway import Gateway, GatewaySettings, run_gateway
from reprieve.clinic.devices.mllp_client import MonitorClient, read_ack
from reprieve.clinic.devices.models import DeviceMessage, QuarantinedMessage
from reprieve.clinic.visits.models import DosingSession, SessionEvent
from reprieve.errors import InputError
from reprieve.interop.hl7v2.mllp import Framer, wrap
from reprieve.interop.hl7v2.times import write_time

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 60.0  # for what comes at once on a machine that is not busy


@pytest.fixture
def session():
    return make_running_session(make_clinic(), opened_at=datetime.now(UTC) - timedelta(minutes=30))


def fresh(**parts):
    """A message of this moment."""
    at = write_time(datetime.now(UTC))
    return oru(*pressure(at=at), obx(at=at), sent=at, **parts)


@asynccontextmanager
async def listening(**settings):
    gateway = Gateway(settings=GatewaySettings(port=0, **settings))
    await gateway.start()
    try:
        yield gateway
    finally:
        await gateway.close()


async def answers(gateway, *packets, count=1, pause_s=0.01):
    """Send packets on one connection and read this many answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    for packet in packets:
        writer.write(packet)
        await writer.drain()
        await asyncio.sleep(pause_s)
    framer, found = Framer(), []
    async with asyncio.timeout(PATIENCE_S):
        while len(found) < count and (data := await reader.read(65536)):
            found += [read_ack(frame.content) for frame in framer.feed(data)]
    await hang_up(writer)
    return [(one.answer, one.control_id, one.code) for one in found]


async def hang_up(writer):
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


@sync_to_async
def counted():
    return SessionEvent.objects.count(), DeviceMessage.objects.count(), QuarantinedMessage.objects.count()


async def test_a_good_message_is_answered_and_stands_in_the_log(session):
    async with listening() as gateway:
        assert await answers(gateway, wrap(fresh())) == [("AA", "MSG1", "")]
    event = await SessionEvent.objects.filter(session=session).afirst()
    assert event.payload["systolic_mmhg"] == 141.0
    assert await counted() == (1, 1, 0)


async def test_two_messages_in_one_packet_are_answered_in_order(session):
    async with listening() as gateway:
        packet = wrap(fresh(control_id="A")) + wrap(fresh(control_id="B", mrn="MRN999"))
        assert await answers(gateway, packet, count=2) == [("AA", "A", ""), ("AE", "B", "UNKNOWN-PATIENT")]


async def test_a_message_in_many_packets_is_one_message(session):
    whole = wrap(fresh())
    async with listening() as gateway:
        packets = [whole[at : at + 97] for at in range(0, len(whole), 97)]
        assert await answers(gateway, *packets) == [("AA", "MSG1", "")]


@pytest.mark.parametrize(
    ("change", "answer", "code"),
    [
        ({"kind": "ADT^A01"}, "AR", "HL7-TYPE"),
        ({"extra": ("RXA|1",)}, "AR", "HL7-SEGMENT"),
        ({"mrn": "MRN999"}, "AE", "UNKNOWN-PATIENT"),
        ({"processing": "T"}, "AE", "SIMULATED"),
    ],
)
async def test_bad_messages_get_one_clear_answer_and_wait_in_quarantine(session, change, answer, code):
    async with listening() as gateway:
        assert await answers(gateway, wrap(fresh(**change))) == [(answer, "MSG1", code)]
    assert await counted() == (0, 1, 1)


async def test_a_message_sent_twice_is_accepted_twice_and_charted_once(session):
    message = wrap(fresh())
    async with listening() as gateway:
        assert await answers(gateway, message) == await answers(gateway, message)
    assert await counted() == (1, 1, 0)


async def test_a_socket_that_dies_in_the_middle_leaves_nothing_and_loses_nothing(session):
    message = wrap(fresh())
    async with listening() as gateway:
        raw = sockets.create_connection(("127.0.0.1", gateway.port))
        raw.sendall(message[:120])
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()  # a reset, as when a cable is pulled
        await asyncio.sleep(0.05)
        assert await counted() == (0, 0, 0)
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(message[:200])
        await hang_up(writer)  # and an orderly end in the middle
        await asyncio.sleep(0.05)
        assert await answers(gateway, message) == [("AA", "MSG1", "")]
    assert await counted() == (1, 1, 0)


async def test_a_megabyte_of_garbage_is_one_answer_and_the_line_goes_on(session):
    async with listening() as gateway:
        assert await answers(gateway, b"x" * 1_000_000, count=2) == [("AR", "", "HL7-FRAME")]
        assert await answers(gateway, b"\x0b" + b"y" * 1_000_000 + b"\x1c\r", wrap(fresh()), count=2) == [
            ("AR", "", "HL7-SIZE"), ("AA", "MSG1", "")
        ]  # fmt: skip
    assert await counted() == (1, 3, 2)


async def test_a_silent_connection_is_ended(session):
    async with listening(idle_s=0.05) as gateway:
        assert await answers(gateway) == []


async def test_more_connections_than_allowed_are_turned_away(session):
    async with listening(max_connections=1) as gateway:
        _, first = await asyncio.open_connection("127.0.0.1", gateway.port)
        await asyncio.sleep(0.02)
        assert await answers(gateway) == []
        await hang_up(first)


async def test_many_monitors_share_transactions(session):
    async with listening(linger_s=0.05) as gateway:
        found = await asyncio.gather(*(answers(gateway, wrap(fresh(control_id=f"M{n}"))) for n in range(12)))
    assert sorted(found) == sorted([("AA", f"M{n}", "")] for n in range(12))
    refreshed = await DosingSession.objects.aget(pk=session.pk)
    assert refreshed.last_seq == await SessionEvent.objects.acount()


async def test_while_the_database_is_away_nothing_is_answered_and_the_monitor_sends_again(session, monkeypatch):
    real, failures = gateway_module.messages_file, [3]

    def file(messages, **settings):
        if failures[0]:
            failures[0] -= 1
            raise OperationalError("the database is away")
        return real(messages, **settings)

    monkeypatch.setattr(gateway_module, "messages_file", file)
    breaks = []
    async with listening() as gateway:
        client = MonitorClient(host="127.0.0.1", port=gateway.port, first_pause_s=0.01, on_break=breaks.append)
        answered = await client.deliver(fresh())
        await client.close()
    assert (answered.answer, answered.attempts, breaks) == ("AA", 2, ["EOFError"])
    assert await counted() == (1, 1, 0)


async def test_a_monitor_waits_for_a_gateway_that_is_not_there_yet(session):
    with sockets.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    refused = asyncio.Event()
    client = MonitorClient(host="127.0.0.1", port=port, first_pause_s=0.05, on_break=lambda _: refused.set())
    waiting = asyncio.create_task(client.deliver(fresh()))
    await asyncio.wait_for(refused.wait(), PATIENCE_S)
    gateway = Gateway(settings=GatewaySettings(port=port))
    await gateway.start()
    answered = await waiting
    await client.close()
    await gateway.close()
    assert answered.answer == "AA"
    assert answered.attempts > 1


async def test_what_was_taken_is_answered_before_the_gateway_stops(session, monkeypatch):
    real, loop, taken = gateway_module.messages_file, asyncio.get_running_loop(), asyncio.Event()

    def file(messages, **settings):
        loop.call_soon_threadsafe(taken.set)
        return real(messages, **settings)

    monkeypatch.setattr(gateway_module, "messages_file", file)
    gateway = Gateway(settings=GatewaySettings(port=0))
    await gateway.start()
    sending = asyncio.create_task(answers(gateway, wrap(fresh())))
    await asyncio.wait_for(taken.wait(), PATIENCE_S)
    await gateway.close()
    assert await sending == [("AA", "MSG1", "")]


async def test_sigterm_stops_the_gateway_cleanly(session):
    before = signal.getsignal(signal.SIGTERM)
    running = asyncio.create_task(run_gateway(GatewaySettings(port=0)))
    while signal.getsignal(signal.SIGTERM) is before:  # until it listens to signals, this one would end the tests
        await asyncio.sleep(0.01)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, PATIENCE_S)


async def test_a_failing_writer_ends_the_gateway_with_its_own_fault(session, monkeypatch):
    def broken(messages, **settings):
        raise ZeroDivisionError

    monkeypatch.setattr(gateway_module, "messages_file", broken)
    async with asyncio.timeout(PATIENCE_S):
        gateway = Gateway(settings=GatewaySettings(port=0))
        await gateway.start()
        waiting = asyncio.create_task(gateway.wait(asyncio.Event()))
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(wrap(fresh()))
        with pytest.raises(ZeroDivisionError):
            await waiting
        await hang_up(writer)
        await gateway.close()


def test_an_answer_that_is_no_hl7_is_refused():
    with pytest.raises(InputError):
        read_ack(b"hello")
