"""The line between chair and server breaks: nothing entered is lost or counted twice, and nothing old looks new."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect

SEDATION = re.compile(r"/commands/sedation$")
LIVE = re.compile(r"/(stream|live\.json)$")
CUT = timedelta(minutes=2)


@pytest.fixture
def chair(clinic, open_page):
    """The page of the session that is running at the first chair of the demonstration."""

    def go() -> Page:
        page = open_page("lind")
        page.clock.install()
        page.goto(f"{clinic.url}/floor")
        page.get_by_role("listitem").filter(has_text="Chair 1").get_by_role("link").click()
        expect(page.locator(".reading[data-latest=hr]")).to_contain_text("ago")
        return page

    return go


def scores_written(page: Page) -> int:
    page.reload()
    table = page.get_by_role("region", name="Flowsheet")
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    return table.get_by_role("rowheader", name="Sedation").count()


def drowsy(page: Page) -> Locator:
    return page.get_by_role("group", name="Sedation").get_by_role("button", name="4")


def test_an_entry_made_while_the_line_is_cut_arrives_once(chair):
    page = chair()
    before = scores_written(page)

    page.context.set_offline(True)
    drowsy(page).click()
    expect(page.get_by_text("Kept here, not yet sent: MOAA/S 4")).to_be_visible()
    expect(page.get_by_text("1 entry waiting")).to_be_visible()

    page.context.set_offline(False)
    expect(page.get_by_text("1 entry waiting")).to_be_hidden()
    assert scores_written(page) == before + 1


def test_an_entry_whose_answer_was_lost_is_sent_again_and_counts_once(chair):
    """The server took it, the answer never came back: the page cannot know and has to send it again."""
    page = chair()
    before = scores_written(page)
    sent = []

    def lose_the_first_answer(route: Route) -> None:
        sent.append(route.fetch().status)
        if len(sent) == 1:
            route.abort()
        else:
            route.continue_()

    page.route(SEDATION, lose_the_first_answer)
    drowsy(page).click()
    expect(page.get_by_role("status").filter(has_text="Recorded")).to_be_visible()
    assert len(sent) > 1
    assert scores_written(page) == before + 1


def test_an_entry_tapped_just_before_leaving_the_page_arrives(clinic, chair):
    page, colleague = chair(), chair()
    record = page.url
    before = scores_written(colleague)

    drowsy(page).click(no_wait_after=True)
    page.goto(f"{clinic.url}/tasks")
    assert scores_written(colleague) == before + 1

    page.goto(record)
    assert scores_written(page) == before + 1


def test_values_that_stop_coming_look_old(chair):
    """Chromium's offline switch leaves an open stream alone, so stream and snapshot are refused here."""
    page = chair()
    pulse = page.locator(".reading[data-latest=hr]")
    page.route(LIVE, lambda route: route.abort())
    page.reload()
    expect(pulse).not_to_have_class(re.compile("is-stale"))

    page.clock.fast_forward(int(CUT.total_seconds() * 1000))
    expect(pulse).to_have_class(re.compile("is-stale"))
    expect(pulse).to_contain_text("min old")
    expect(page.get_by_text("No live connection since")).to_be_visible()

    page.unroute(LIVE)
    page.clock.fast_forward(int(CUT.total_seconds() * 1000))
    expect(page.get_by_text("No live connection since")).to_be_hidden()
    expect(pulse).not_to_have_class(re.compile("is-stale"))
