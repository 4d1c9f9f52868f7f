"""How it works: open to everybody, says of every step where it was seen, and promises nothing (S21)."""

import pytest
from django.test import Client
from django.urls import reverse

from reprieve.clinic.portal.chain_drawing import draw_chain
from reprieve.knowledge.mechanism import load_steps

pytestmark = pytest.mark.django_db


def test_every_step_is_told_with_where_it_was_seen():
    page = Client().get(reverse("portal:how_it_works"))
    text = page.content.decode()
    assert page.status_code == 200
    for words in load_steps():
        assert words.name in text
    for seen in ("Seen in people", "Seen in animals, hints in people", "Seen in animals only", "Researchers disagree"):
        assert seen in text
    assert "not fully understood" in text


def test_the_drawing_keeps_the_order_of_the_chain():
    drawing = draw_chain(load_steps())
    assert [lane.number for lane in drawing.lanes] == list(range(1, 10))
    assert all(lane.area.startswith("M") and lane.area.endswith("Z") for lane in drawing.lanes)
    assert [mark.label for mark in drawing.marks][:3] == ["1 min", "10 min", "40 min"]
