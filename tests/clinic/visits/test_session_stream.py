"""The stream of a session: who may listen, what is sent, and that it ends."""

import asyncio
import json
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory
from tests.clinic.factories import make_clinic, make_user
from tests.clinic.session_factories import Scene, at

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.config.asgi import application
from reprieve.clinic.visits import selectors, services
from reprieve.clinic.visits.live import store
from reprieve.clinic.visits.live.feed import END, Feed, Line, server_sent
from reprieve.clinic.visits.live.hub import Hub, hub
from reprieve.clinic.visits.live.stream import texts
from reprieve.clinic.visits.views import streams
from reprieve.domain.session import events as ev

pytestmark = pytest.mark.django_db


def asked(user, **headers):
    request = RequestFactory().get("/", headers=headers)

    async def auser():
        return user

    request.auser = auser
    return request


def listen(user, session_id):
    return async_to_sync(streams.session_stream)(asked(user), session_id)


def test_strangers_other_roles_and_other_clinics_hear_nothing():
    scene = Scene()
    assert listen(AnonymousUser(), scene.session.pk).status_code == 401
    assert async_to_sync(streams.board_stream)(asked(AnonymousUser())).status_code == 401
    for role in (Role.PATIENT, Role.FRONT_DESK):
        with pytest.raises(PermissionDenied):
            listen(make_user(scene.clinic, role), scene.session.pk)
    with pytest.raises(Http404):
        listen(make_user(make_clinic(), Role.NURSE), scene.session.pk)


def told(line):
    """Kinds and data of what waits on a line."""
    found = []
    while not line.texts.empty():
        parts = dict(part.split(": ", 1) for part in line.texts.get_nowait().strip().split("\n"))
        found.append((parts["event"], json.loads(parts["data"])))
    return found


def feed_of(scene):
    feed = Feed(scene.session.pk)
    feed.log = selectors.session_log(scene.session)
    feed.names = dict(selectors.signatures(scene.clinic))
    return feed


def test_a_page_resumes_where_it_left_off():
    scene = Scene().prepare().start()
    seen = scene.session.last_seq
    scene.monitor(scene.reading(20, spo2_percent=97), scene.reading(20.1, spo2_percent=96))
    feed, line = feed_of(scene), Line()
    feed.greet(line, after_seq=seen, now_at=at(21))
    said = told(line)
    assert [kind for kind, _ in said] == ["readings", "state", "curve"]
    assert [point["v"] for point in said[0][1]["points"]["spo2"]] == [97, 96]
    assert said[0][1]["seq"] == scene.session.last_seq


def test_a_correction_sends_the_corrected_mark_again():
    scene = Scene().prepare().start()
    reading = scene.reading(20, systolic_mmhg=190, diastolic_mmhg=99)
    scene.monitor(reading)
    seen = scene.session.last_seq
    scene.do(ev.EventCorrected(target=reading.event_id, reason="cuff slipped", artefact=True), 21)
    feed, line = feed_of(scene), Line()
    feed.greet(line, after_seq=seen, now_at=at(22))
    said = dict(told(line))
    assert [(point["id"], point["artefact"]) for point in said["readings"]["points"]["bp"]] == [
        (str(reading.event_id), True)
    ]
    assert said["changed"] == {"seq": scene.session.last_seq}


def test_time_passes_on_every_open_page():
    scene = Scene().prepare().start()
    feed, line = feed_of(scene), Line()
    feed.lines.add(line)
    feed.tick(at(20))
    ((kind, state),) = told(line)
    assert (kind, state["delivered_mg"]) == ("state", pytest.approx(10, abs=0.01))


def test_a_page_too_slow_to_listen_is_hung_up_on():
    line = Line()
    for _ in range(600):
        line.send(server_sent("state", {}))
    waiting = [line.texts.get_nowait() for _ in range(line.texts.qsize())]
    assert END in waiting


async def test_the_stream_ends_when_the_server_stops():
    found, line = Hub(), Line()
    line.send(server_sent("changed", {"seq": 1}, event_id=1))
    found.boards[uuid4()].add(line)
    heard = []
    async for text in texts(found, line):
        heard.append(text)
        if len(heard) == 2:
            found.hang_up()
    assert heard == ["retry: 2000\n\n", 'id: 1\nevent: changed\ndata: {"seq":1}\n\n']
    assert not any(found.boards.values())


def test_the_hub_hears_notifications():
    """On its own connections, so with what is committed: an unknown session is heard and has nothing to say."""

    async def story():
        found = hub()
        assert hub() is found
        session_id = uuid4()
        line = await found.follow(session_id, None)
        board = await found.follow_board(uuid4())
        speaker = await store.connect()
        await speaker.execute(
            "select pg_notify(%s, %s)", [services.CHANNEL, json.dumps({"session": str(session_id), "seq": 1})]
        )
        await asyncio.sleep(0.3)
        await speaker.close()
        greeting = [kind for kind, _ in told(line)]
        found.leave(line)
        found.leave(board)
        gone = session_id not in found.feeds
        await found.close()
        return greeting, gone

    assert asyncio.run(story()) == (["readings", "state", "curve"], True)


@pytest.mark.django_db(transaction=True)
def test_open_pages_hold_no_database_connection():
    scene = Scene().prepare().start()
    client = Client()
    client.force_login(scene.nurse)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    path = f"/sessions/{scene.session.pk}/stream"

    async def open_page():
        page = ApplicationCommunicator(application, page_scope(path, cookie))
        await page.send_input({"type": "http.request", "body": b""})
        assert (await page.receive_output(60))["status"] == 200
        assert b"retry" in (await page.receive_output(60))["body"]
        return page

    async def story():
        counter = await store.connect()
        pages = [await open_page()]
        after_one = await connections_held(counter)
        pages += [await open_page() for _ in range(3)]
        after_four = await connections_held(counter)
        await hub().close()
        for page in pages:
            await page.wait(60)
        await counter.close()
        return after_one, after_four

    after_one, after_four = asyncio.run(story())
    assert after_four <= after_one


async def connections_held(counter):
    """The fewest in half a second: a connection that is just being closed, or a vacuum, is not held."""
    found = []
    for _ in range(5):
        asked = await counter.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and backend_type = 'client backend'"
        )
        found.append((await asked.fetchone())[0])
        await asyncio.sleep(0.1)
    return min(found)


def page_scope(path, cookie):
    headers = [(b"host", b"testserver"), (b"cookie", cookie.encode())]
    return {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": headers, "server": ("testserver", 80), "scheme": "http", "http_version": "1.1",
    }  # fmt: skip
