"""How it works: open to everybody, says of every step where it was seen, and promises nothing (S21)."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from factories import make_clinic, make_user

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.portal.chain_drawing import draw_chain
from reprieve.knowledge.mechanism import load_steps

pytestmark = pytest.mark.django_db


def test_every_step_is_told_with_where_it_was_seen():
    page = Client().get(reverse("portal:how_it_works"))
    text = page.content.decode()
    assert page.status_code == 200
    for words in load_steps():
        assert words.name in text
    for seen in (
        "Measured in people",
        "Measured in animals, hints in people",
        "Measured in animals only",
        "Contested: researchers disagree",
    ):
        assert seen in text
    assert "not fully understood" in text


def test_the_drawing_keeps_the_order_of_the_chain():
    wide, narrow = draw_chain(load_steps())
    for drawing in (wide, narrow):
        assert [lane.number for lane in drawing.lanes] == list(range(1, 10))
        assert all(lane.area.startswith("M") and lane.area.endswith("Z") for lane in drawing.lanes)
    assert [mark.label for mark in wide.marks][:3] == ["1 min", "10 min", "40 min"]
    assert [mark.label for mark in narrow.marks] == ["1 min", "40 min", "1 day", "2 weeks"]


def points_of(lane):
    """Minutes on the axis and share of the full height of a drawn lane, without its two corners."""
    places = [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", lane.area)][1:-1]
    return [((across - 12.0) / 696.0, (lane.baseline - up) / 24.0) for across, up in places]


def test_the_level_in_the_blood_is_calculated():
    blood, *others = draw_chain(load_steps())[0].lanes
    assert blood.is_calculated and not any(lane.is_calculated for lane in others)
    points = points_of(blood)
    # 40 min on the logarithmic axis from 1 to 20,160 min: ln 40 / ln 20160
    assert max(points, key=lambda point: point[1]) == (pytest.approx(0.372, abs=1e-3), pytest.approx(1.0, abs=0.01))
    # dossier section 8: arterial 251 ng/mL at 40 min and 53 at 110 min; ln 110 / ln 20160
    later = min(points, key=lambda point: abs(point[0] - 0.4743))
    assert later[1] == pytest.approx(53 / 251, abs=0.02)
    text = Client().get(reverse("portal:how_it_works")).content.decode()
    assert "arterial ketamine for 0.5 mg/kg over 40 minutes at 70 kg by the model K2S" in text


def test_the_patient_finds_the_page_from_home():
    client = Client()
    client.force_login(make_user(make_clinic(), Role.PATIENT))
    assert reverse("portal:how_it_works") in client.get(reverse("portal:home")).content.decode()
