"""Pages of the demonstration clinic that the README shows, looked at like all others."""

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(("name", "chair"), [("record-live", "Chair 1"), ("record-observing", "Chair 2")])
def test_a_running_session_of_the_demonstration(open_page, look, complaints, name, chair):
    page = open_page("lind")
    page.get_by_role("link", name=re.compile(chair)).first.click()
    expect(page.get_by_role("heading", name="Record")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ s ago")).first).to_be_visible()
    page.wait_for_timeout(1500)  # the lanes draw themselves
    look(page, name, sizes=("tall", "1280", "1024", "390"))
    assert complaints == []


def test_a_persons_response_over_six_infusions(open_page, look, complaints):
    page = open_page("okafor")
    page.goto(page.url.split("/floor")[0] + "/patients/?q=Nowak")
    page.get_by_role("link", name=re.compile("Nowak")).first.click()
    page.get_by_role("link", name="Response view").click()
    expect(page.get_by_text(re.compile("Response: yes")).first).to_be_visible()
    look(page, "response")
    assert complaints == []
