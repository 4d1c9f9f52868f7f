"""MLLP: whatever way the stream is cut, the same messages come out, and a flood stays bounded."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.interop.hl7v2.mllp import FrameFault, Framer, wrap

BODY = st.binary(max_size=60).filter(lambda body: not set(body) & {0x0B, 0x1C})


@given(st.lists(BODY, max_size=5), st.lists(st.integers(0, 400), max_size=12))
def test_any_cut_gives_the_same_messages(bodies, cuts):
    stream = b"".join(wrap(body) for body in bodies)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    framer = Framer()
    frames = [frame for low, high in pairwise(edges) for frame in framer.feed(stream[low:high])]
    assert [frame.content for frame in frames] == bodies
    assert all(frame.fault is None for frame in frames)
    assert not framer.holds_a_part


def test_a_begun_message_is_held_and_said_so():
    framer = Framer()
    assert framer.feed(b"\x0bMSH|half") == []
    assert framer.holds_a_part


def test_a_sender_that_begins_again_is_heard_once():
    assert [frame.content for frame in Framer().feed(b"\x0bMSH|half\x0bMSH|whole\x1c\r")] == [b"MSH|whole"]


def test_a_missing_carriage_return_and_line_feeds_are_forgiven():
    frames = Framer().feed(b"\x0bone\x1c\x0btwo\x1c\n\r\n\x0bthree\x1c\r\n")
    assert [frame.content for frame in frames] == [b"one", b"two", b"three"]


@pytest.mark.parametrize("step", [7, 4096, 2_000_000])
def test_a_megabyte_without_a_frame_is_reported_once_and_not_kept(step):
    framer, flood = Framer(max_bytes=10_000), b"x" * 1_000_000
    frames = [frame for at in range(0, len(flood), step) for frame in framer.feed(flood[at : at + step])]
    assert [frame.fault for frame in frames] == [FrameFault.NOT_FRAMED]
    assert len(frames[0].content) == 10_000
    assert framer.feed(wrap(b"MSH|after"))[0].content == b"MSH|after"


@pytest.mark.parametrize("step", [13, 2_000_000])
def test_a_message_past_the_limit_is_reported_once(step):
    framer, stream = Framer(max_bytes=100), wrap(b"y" * 5_000) + wrap(b"MSH|next")
    frames = [frame for at in range(0, len(stream), step) for frame in framer.feed(stream[at : at + step])]
    assert [frame.fault for frame in frames] == [FrameFault.TOO_LARGE, None]
    assert len(frames[0].content) == 100


def test_text_with_an_end_but_no_start_is_not_a_message():
    assert Framer().feed(b"MSH|bare\x1c\r")[0].fault is FrameFault.NOT_FRAMED
