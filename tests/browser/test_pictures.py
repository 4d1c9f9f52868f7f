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
    level = page.get_by_role("region", name="Drug and pump").locator(".level-arterial .figure")
    expect(level).to_have_text(re.compile(r"^[1-9]\d*$"))  # the curve is there, so its lane draws itself
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


def test_how_it_works_for_a_patient(clinic, open_page, look, complaints):
    page = open_page("hart", size="390")
    page.goto(clinic.url + "/my/how-it-works")
    expect(page.get_by_role("heading", name="Step by step")).to_be_visible()
    look(page, "how-it-works")
    assert complaints == []


@pytest.mark.parametrize(("name", "theme"), [("what-if", "light"), ("what-if-dark", "dark")])
def test_another_dose_is_drawn_before_it_is_ordered(clinic, open_page, look, complaints, name, theme):
    page = open_page("okafor", theme=theme)
    page.goto(clinic.url + "/patients/?q=Bell")
    page.get_by_role("link", name=re.compile("Bell")).first.click()
    page.goto(page.url + "/what-if")
    expect(page.get_by_role("heading", name="Where models disagree")).to_be_visible()
    look(page, name)
    assert complaints == []


def test_an_emergency_stands_before_its_decision(clinic, open_page, look, complaints):
    page = open_page("okafor", theme="dark")
    page.goto(clinic.url + "/patients/?q=Marchetti")
    page.get_by_role("link", name=re.compile("Marchetti")).first.click()
    page.goto(page.url + "/candidacy")
    expect(page.get_by_role("alert")).to_contain_text("Do not leave the person alone")
    look(page, "decision-emergency")
    assert complaints == []
