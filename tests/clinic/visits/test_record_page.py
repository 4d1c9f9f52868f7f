"""The record and the board as the server draws them, looked up by role and label, without their script."""

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
from course_factories import check, make_order
from django.urls import reverse
from django.utils import timezone
from factories import make_clinic, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.visits import services
from reprieve.clinic.visits.models import Chair, SessionEvent
from reprieve.clinic.visits.templatetags import session_show
from reprieve.domain.session import events as ev
from reprieve.domain.session.readings import DeviceReading

VISITS = Path(session_show.__file__).parent.parent


class Page(HTMLParser):
    """Elements by tag with their attributes and text: enough to ask for roles and labels."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        self.elements.append(element)
        if tag not in {"input", "link", "meta", "img", "option", "br"}:
            self.open.append(element)

    def handle_endtag(self, tag):
        while self.open and self.open.pop()["tag"] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, **wanted):
        return [e for e in self.elements if e["tag"] == tag and all(e.get(k) == v for k, v in wanted.items())]

    def text(self, tag, **wanted):
        return [re.sub(r"\s+", " ", element["text"]).strip() for element in self.all(tag, **wanted)]


@pytest.fixture
def clinic(db):
    return make_clinic()


@pytest.fixture
def nurse(clinic):
    return make_user(clinic, Role.NURSE, first_name="Priya", last_name="Nair", credential="RN")


@pytest.fixture
def session(clinic, nurse):
    """Infusing for ten minutes."""
    now = timezone.now()
    order = make_order(clinic)
    check(order, Actor.person(make_user(clinic, Role.NURSE)))
    order.refresh_from_db()
    chair = Chair.objects.create(clinic=clinic, name="Chair 1", code="C1")
    opened = services.session_open(Actor.person(nurse), order=order, chair=chair, at=now - timedelta(minutes=20))
    start = ev.InfusionStarted(rate_ml_per_h=float(order.rate_ml_per_h))
    add(opened, nurse, start, minutes_ago=10)
    return opened


def add(session, nurse, event, *, minutes_ago, typed_minutes_ago=None):
    now = timezone.now()
    typed = now - timedelta(minutes=minutes_ago if typed_minutes_ago is None else typed_minutes_ago)
    entry = services.Entry(observed_at=now - timedelta(minutes=minutes_ago), at=typed)
    return services.event_append(Actor.person(nurse), session=session, event=event, entry=entry)


def measure(session, *, minutes_ago, **values):
    at = timezone.now() - timedelta(minutes=minutes_ago)
    reading = DeviceReading(
        event_id=uuid4(), session_id=session.pk, observed_at=at, received_at=at, device="Monitor 1", **values
    )
    services.vital_signs_append(readings=[reading])


@pytest.fixture
def see(client, nurse, session):
    def open_page(name="visits:record", *args):
        client.force_login(nurse)
        answer = client.get(reverse(name, args=args or [session.pk]))
        assert answer.status_code == 200
        return Page(answer.content.decode())

    return open_page


class TestRecord:
    def test_the_strip_keeps_milligrams_and_pump_apart(self, see):
        page = see()
        assert page.text("h2", **{"class": "strip-title"}) == [
            "Delivered", "Pump programme", "Left", "Predicted now",
        ]  # fmt: skip
        assert page.text("span", **{"data-field": "ordered_mg"})[0] == "40"  # 0.5 mg/kg of 80 kg
        assert page.text("span", **{"data-field": "rate_ml_per_h"})[0] == "150"  # 100 mL in 40 min
        assert float(page.text("span", **{"data-field": "delivered_mg"})[0]) == pytest.approx(10.0, abs=0.1)

    def test_every_lane_has_a_name_for_those_who_cannot_see_it(self, see):
        lanes = see().all("div", role="img")
        assert len(lanes) == 8
        assert all(lane["aria-label"] for lane in lanes)

    def test_a_value_never_measured_is_a_dash_and_says_so(self, see):
        (cell,) = see().text("div", **{"data-latest": "spo2"})
        assert cell == "SpO2: – % not measured"

    def test_a_value_past_its_time_is_marked_old_with_its_age(self, see, session):
        measure(session, minutes_ago=9, systolic_mmhg=142.0, diastolic_mmhg=88.0)
        (cell,) = see().all("div", **{"data-latest": "bp"})
        assert "is-stale" in cell["class"]
        assert "142/88" in cell["text"]
        assert "9 min old" in cell["text"]

    def test_an_alarm_is_word_and_asterisks_with_a_form_to_acknowledge(self, see, session):
        measure(session, minutes_ago=3, systolic_mmhg=205.0, diastolic_mmhg=118.0)  # ALM-BP-3: above 200 once
        page = see()
        alarm = page.all("li", **{"class": "alarm"})[0]
        assert alarm["data-level"] == "EMERGENCY"
        assert page.text("span", **{"data-part": "stars"})[0] == "***"
        assert page.text("strong", **{"data-part": "word"})[0] == "Emergency"
        assert page.all("input", name="alarm_key")[0]["value"]
        assert "hidden" in page.all("p", **{"class": "no-alarm"})[0]

    def test_the_live_data_travel_as_json_not_as_script(self, see):
        (data,) = see().all("script", id="live-data")
        assert data["type"] == "application/json"
        assert json.loads(data["text"])["state"]["phase"] == "infusing"

    def test_no_inline_script_style_or_handler(self, see):
        page = see()
        assert not page.all("style")
        assert not [e for e in page.elements if "style" in e or any(key.startswith("on") for key in e)]
        assert not [e for e in page.all("script") if "src" not in e and e.get("type") != "application/json"]


class TestQuickPad:
    def test_every_field_of_the_pad_has_a_label_and_its_unit(self, see):
        labels = see().text("label", **{"class": "field"})
        assert labels == [
            "SystolicmmHg", "DiastolicmmHg", "Heart rate/min", "SpO₂%", "Breaths/min", "Temp.°C",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("verb", "name", "values"),
        [("sedation", "moaas", 6), ("dissociation", "score", 11), ("nausea", "score", 11), ("distress", "score", 5)],
    )
    def test_one_tap_is_one_score(self, see, session, verb, name, values):
        url = reverse("visits:command", args=[session.pk, verb])
        assert len(see().all("button", formaction=url, name=name)) == values

    def test_a_tap_without_script_lands_in_the_log_and_comes_back(self, client, nurse, session):
        client.force_login(nurse)
        blank = {"systolic_mmhg": "", "diastolic_mmhg": "", "observed_at": ""}
        answer = client.post(reverse("visits:command", args=[session.pk, "sedation"]), {**blank, "moaas": "4"})
        assert answer.status_code == 302
        assert SessionEvent.objects.filter(session=session).latest("seq").payload["moaas"] == 4

    def test_an_adverse_event_has_no_grade_until_one_is_chosen(self, see):
        page = see()
        assert not [e for e in page.all("input", name="code") if "checked" in e]
        assert [e["value"] for e in page.all("button", name="grade")] == ["1", "2", "3", "4"]

    def test_rescue_medicine_asks_for_kind_dose_and_order(self, see):
        page = see()
        assert len(page.all("input", name="kind")) == 5
        assert page.all("input", name="medicine")
        assert page.all("label", **{"for": "rescue-reason"})


class TestControlBar:
    def test_stopping_says_what_happens_and_asks_why(self, see):
        (panel,) = see().all("div", id="stop-panel")
        assert panel["role"] == "dialog"
        assert "popover" in panel
        assert "cannot be taken back" in panel["text"]

    def test_a_signed_record_takes_no_entries(self, client, nurse, session):
        type(session).objects.filter(pk=session.pk).update(phase="signed")
        client.force_login(nurse)
        page = Page(client.get(reverse("visits:record", args=[session.pk])).content.decode())
        assert not page.all("form", id="pad")
        assert not page.all("div", id="stop-panel")


class TestFlowsheet:
    def test_late_struck_and_numbered_entries_say_so_in_words(self, see, session, nurse):
        add(session, nurse, ev.DissociationScored(score=6), minutes_ago=8, typed_minutes_ago=1)
        wrong = add(session, nurse, ev.SedationScored(moaas=1), minutes_ago=4)
        struck = ev.EventCorrected(target=wrong.pk, reason="Slip of the finger", replacement=None, artefact=True)
        add(session, nurse, struck, minutes_ago=3)
        page = see("visits:flowsheet", session.pk)
        assert "L late" in page.text("span", **{"class": "state state-hold"})
        assert page.text("span", **{"class": "row-reason"}) == ["Slip of the finger"]
        assert len(page.all("tr", **{"class": "is-struck"})) == 1


class TestBoard:
    @pytest.fixture
    def board(self, client, nurse):
        def open_board(**headers):
            client.force_login(nurse)
            answer = client.get(reverse("visits:board"), headers=headers)
            assert answer.status_code == 200
            return answer.content.decode()

        return open_board

    def test_a_card_for_every_chair_the_free_one_too(self, board, clinic, session):
        Chair.objects.create(clinic=clinic, name="Chair 2", code="C2")
        page = Page(board())
        assert page.text("span", **{"class": "chair-name"}) == ["Chair 1", "Chair 2"]
        assert page.text("span", **{"class": "state"}) == ["Free"]
        assert len(page.all("a", href=reverse("visits:record", args=[session.pk]))) == 1

    def test_a_clinic_without_chairs_is_told_so(self, board):
        assert "No chairs yet" in board()

    def test_the_script_gets_the_cards_alone(self, board):
        assert "<html" not in board(**{"HX-Request": "true"})


def test_words_for_ages():
    assert [session_show.age_words(s) for s in (None, 0, 59, 60, 3599, 3900)] == [
        "–", "0 s", "59 s", "1 min", "59 min", "1 h 05",
    ]  # fmt: skip


def test_an_instant_is_read_from_text_once():
    at = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    assert session_show.instant("2026-03-02T14:05:00+00:00") == at
    assert session_show.instant(at) == at
    assert session_show.instant(None) is None


def test_each_level_has_its_own_shape_word_and_count():
    levels = ["CAUTION", "STOP", "EMERGENCY"]
    assert [session_show.level_stars(level) for level in levels] == ["*", "**", "***"]
    assert len({session_show.level_icon(level) for level in levels}) == 3
    assert [session_show.level_word(level) for level in levels] == ["Caution", "Stop", "Emergency"]


def test_figures_show_a_dash_for_what_is_unknown():
    assert session_show.figure(None) == "–"
    assert session_show.figure({"sbp": None, "dbp": 88.0}) == "–/88"
    assert session_show.figure({"v": 97.0}) == "97"
    assert session_show.is_stale({"age_s": 400.0, "stale_after_s": None}) is False


def test_modules_stay_small_and_are_type_checked():
    modules = list((VISITS / "static" / "visits").glob("*.js"))
    assert modules
    for module in modules:
        text = module.read_text()
        assert len(text.splitlines()) <= 150, module.name
        assert text.startswith("// @ts-check"), module.name
