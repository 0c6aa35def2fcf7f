"""Judging on a phone: the sheet, its keyboard walk, a broken network, undo, and the live progress board."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.checks import PHONE, console
from tests.web.conftest import Festival, SignIn, Site

pytestmark = pytest.mark.browser
SAVED = "All saved"


def open_sheet(page: Page, site: Site, festival: Festival) -> None:
    page.goto(f"{site.url}/judging")
    page.get_by_role("article").filter(has_text="Free choice").get_by_role("link", name="Judge", exact=True).click()
    expect(page).to_have_url(re.compile(f"/judging/{festival.categories['Free choice']}"))
    expect(page.get_by_role("heading", name="Free choice")).to_be_visible()


def pick(page: Page, number: str) -> None:
    page.get_by_role("list", name="Entries in running order").get_by_role(
        "button", name=re.compile(rf"^{number}\b")
    ).click()


def test_mark_is_saved_and_shown_as_understood(sign_in: SignIn, site: Site, festival: Festival) -> None:
    page = sign_in("judge3", PHONE)
    with console(page) as heard:
        open_sheet(page, site, festival)
        pick(page, "1")
        page.get_by_label("Voice", exact=True).fill("7,5")
        expect(page.get_by_text("Understood as 7.5")).to_be_visible()
        page.get_by_label("Interpretation", exact=True).click()
        expect(page.get_by_text(SAVED)).to_be_visible()
        page.reload()
        pick(page, "1")
        expect(page.get_by_label("Voice", exact=True)).to_have_value("7.5")
    assert heard == []


def test_mark_outside_range_or_step_never_leaves_the_page(sign_in: SignIn, site: Site, festival: Festival) -> None:
    page = sign_in("judge3", PHONE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    open_sheet(page, site, festival)
    pick(page, "2")
    page.get_by_label("Voice", exact=True).fill("11")
    expect(page.get_by_text("Give a mark from 1 to 10.")).to_be_visible()
    page.get_by_label("Voice", exact=True).fill("7.3")
    expect(page.get_by_text("Marks go in steps of 0.5.")).to_be_visible()
    page.get_by_label("Voice", exact=True).fill("1,234.5")
    expect(page.get_by_text("one decimal sign")).to_be_visible()
    page.wait_for_timeout(1000)
    assert sent == []


def test_whole_entry_by_keyboard_alone(sign_in: SignIn, site: Site, festival: Festival) -> None:
    page = sign_in("judge3", PHONE)
    open_sheet(page, site, festival)
    pick(page, "3")
    page.get_by_label("Voice", exact=True).focus()
    for mark in ("8", "7.5", "9"):
        page.keyboard.type(mark)
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    expect(page.get_by_role("button", name=re.compile(r"^3\b.*complete$"))).to_be_visible()
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Entry 4 of 8 in running order")).to_be_visible()
    page.get_by_label("Voice", exact=True).focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Voice", exact=True)).to_have_value("1")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Voice", exact=True)).to_have_value("1.5")


def test_comment_is_kept_and_every_change_of_a_mark_is_told(sign_in: SignIn, site: Site, festival: Festival) -> None:
    page = sign_in("judge3", PHONE)
    open_sheet(page, site, festival)
    pick(page, "6")
    for mark in ("6", "7"):
        page.get_by_label("Voice", exact=True).fill(mark)
        page.get_by_label("Voice", exact=True).press("Enter")
        expect(page.get_by_text(SAVED)).to_be_visible()
    page.get_by_role("button", name="Comment on Voice").press("Enter")
    page.keyboard.type("Warm, a little late")
    page.keyboard.press("Tab")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.reload()
    pick(page, "6")
    expect(page.get_by_label("Comment on Voice")).to_have_value("Warm, a little late")
    expect(page.get_by_label("Voice", exact=True)).to_have_value("7")
    page.get_by_role("button", name=re.compile("Changes of my marks")).click()
    told = page.get_by_role("list", name="Changes, newest first").get_by_role("listitem")
    expect(told).to_have_count(3)
    expect(told.nth(0)).to_contain_text("Voice: comment changed")
    expect(told.nth(0)).to_contain_text("Warm, a little late")
    expect(told.nth(1)).to_contain_text("Voice: 6 → 7")
    expect(told.nth(2)).to_contain_text("Voice: gave 6")


def test_undo_takes_the_last_change_back(sign_in: SignIn, site: Site, festival: Festival) -> None:
    page = sign_in("judge3", PHONE)
    open_sheet(page, site, festival)
    pick(page, "5")
    voice = page.get_by_label("Voice", exact=True)
    voice.fill("6")
    voice.press("Tab")
    voice.fill("9")
    voice.press("Tab")
    page.get_by_role("button", name="Undo").click()
    expect(voice).to_have_value("6")
    expect(page.get_by_text(SAVED)).to_be_visible()


def test_marks_given_without_network_are_sent_when_it_is_back(sign_in: SignIn, site: Site, festival: Festival) -> None:
    page = sign_in("judge3", PHONE)
    open_sheet(page, site, festival)
    pick(page, "6")
    page.context.set_offline(True)
    page.get_by_label("Voice", exact=True).fill("8.5")
    page.get_by_label("Voice", exact=True).press("Tab")
    expect(page.get_by_text("Waiting for the network")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text(SAVED)).to_be_visible(timeout=40_000)
    page.reload()
    pick(page, "6")
    expect(page.get_by_label("Voice", exact=True)).to_have_value("8.5")


def test_progress_board_follows_a_mark_live(sign_in: SignIn, site: Site, festival: Festival) -> None:
    board, judge = sign_in("tally"), sign_in("judge3", PHONE)
    board.goto(f"{site.url}/categories/{festival.categories['Free choice']}/results")
    expect(board.get_by_text("Live", exact=True)).to_be_visible()
    counts = board.get_by_text(re.compile(r"^\d+ of \d+ marks are in$"))
    before = int(counts.inner_text().split()[0])
    open_sheet(judge, site, festival)
    pick(judge, "8")
    judge.get_by_role("button", name="Stage presence: one step more").click()
    expect(judge.get_by_text(SAVED)).to_be_visible()
    expect(counts).to_have_text(re.compile(rf"^{before + 1} of "))


def test_judge_steps_back_from_an_entry(sign_in: SignIn, site: Site, festival: Festival) -> None:
    page = sign_in("judge3", PHONE)
    open_sheet(page, site, festival)
    pick(page, "7")
    page.get_by_role("button", name="I should not judge this entry").click()
    page.get_by_label("Reason").fill("I have taught this singer")
    page.get_by_role("button", name="Step back").click()
    expect(page.get_by_text("You are recused from this entry")).to_be_visible()


def test_result_goes_and_comes_live_as_judging_is_opened_and_closed(
    sign_in: SignIn, site: Site, festival: Festival
) -> None:
    results = f"{site.url}/categories/{festival.categories['Ballad']}/results"
    watcher, organiser, tally = sign_in("auditor"), sign_in("organizer"), sign_in("tally")
    watcher.goto(results)
    winner = watcher.get_by_role("row").filter(has_text=re.compile(r"^1"))
    expect(winner).to_be_visible()
    name = winner.get_by_role("button").get_attribute("aria-label")
    winner.get_by_role("button").click()
    expect(watcher.get_by_text("placed 1st")).to_be_visible()

    organiser.goto(results)
    organiser.get_by_role("button", name="Open judging again").click()
    organiser.get_by_label("Reason").fill("A mark was read out wrongly")
    organiser.get_by_role("button", name="Open it again").click()
    expect(watcher.get_by_text("No result yet")).to_be_visible(timeout=20_000)

    tally.goto(results)
    tally.get_by_role("button", name="Close judging").click()
    tally.get_by_role("dialog").get_by_role("button", name="Close judging").click()
    expect(watcher.get_by_role("button", name=name or "", exact=True)).to_be_visible(timeout=20_000)
