"""The event log: narrowed by its filters and by what an entry shows, read entry by entry, taken along as a file."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.checks import LOOKS, PHONE, Look, console, faults
from tests.web.conftest import Festival, SignIn, Site

pytestmark = pytest.mark.browser
looks = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")


def entries(page: Page) -> Locator:
    """The entries that are shown."""
    return page.get_by_role("list", name="Entries, newest first").get_by_role("listitem")


def choose_type(page: Page, words: str, option: str) -> None:
    field = page.get_by_role("combobox", name="What happened")
    field.fill(words)
    page.get_by_role("option", name=option).click()
    page.keyboard.press("Escape")


def in_dialog(page: Page, axe: str) -> list[str]:
    page.wait_for_timeout(300)
    return [fault for fault in faults(page, axe) if not fault.startswith("region:")]


def rename_event(page: Page, site: Site, festival: Festival, name: str) -> str:
    """Changes the festival's name; gives the name before."""
    address = f"{site.url}/api/contests/events/{festival.event}"
    before = page.request.get(address)
    headers = {"If-Match": before.headers["etag"], "Origin": site.url.removesuffix("/t/lakeside")}
    answer = page.request.patch(address, data={"name": name}, headers=headers)
    assert answer.ok, answer.text()
    return str(before.json()["name"])


@looks
def test_list_filters_and_entry_on_every_screen(sign_in: SignIn, site: Site, axe: str, look: Look) -> None:
    page = sign_in("auditor", look)
    with console(page) as heard:
        page.goto(f"{site.url}/log")
        expect(entries(page)).to_have_count(50)
        found = faults(page, axe)
        page.get_by_role("button", name="Load more").press("Enter")
        expect(entries(page)).to_have_count(100)
        page.get_by_role("combobox", name="What happened").click()
        found += in_dialog(page, axe)
        page.keyboard.press("Escape")
        choose_type(page, "category judged", "category.judged")
        expect(entries(page).first).to_contain_text("category.judged")
        expect(page.get_by_role("list", name="Entries, newest first")).to_have_attribute("aria-busy", "false")
        found += faults(page, axe)
        entries(page).first.get_by_role("link").press("Enter")
        expect(page.get_by_role("dialog").get_by_role("heading", name="Ids")).to_be_visible()
        found += in_dialog(page, axe)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    assert found + heard == []


def test_change_is_told_from_old_to_new_with_its_trace(sign_in: SignIn, site: Site, festival: Festival) -> None:
    page = sign_in("admin")
    before = rename_event(page, site, festival, "Lakeside Gala")
    rename_event(page, site, festival, before)
    page.goto(f"{site.url}/log?entity={festival.event}")
    entries(page).nth(1).get_by_role("link", name="Facts of an event changed").click()
    entry = page.get_by_role("dialog")
    expect(entry.get_by_role("row", name=re.compile("^(Name|Title)"))).to_contain_text(f"{before}Lakeside Gala")
    trace = entry.get_by_role("list", name="In order of time").get_by_role("listitem")
    expect(trace.filter(has_text="this entry")).to_have_count(1)
    page.reload()
    expect(entry.get_by_role("heading", name="Facts of an event changed")).to_be_visible()


def test_entries_appear_as_they_are_written_and_wait_while_paused(
    sign_in: SignIn, site: Site, axe: str, festival: Festival
) -> None:
    page = sign_in("admin")
    page.goto(f"{site.url}/log?type=event.updated")
    live = page.get_by_role("group", name="Live")
    live.get_by_role("switch", name="Live").check()
    expect(live.get_by_text("Live", exact=True).last).to_be_visible()
    expect(live.get_by_text("0 new entries")).to_be_visible()
    before = rename_event(page, site, festival, "Lakeside Gala")
    expect(live.get_by_text("1 new entry")).to_be_visible()
    shown = entries(page).count()
    live.get_by_role("button", name="Pause").press("Enter")
    rename_event(page, site, festival, before)
    expect(live.get_by_text("1 entry waits")).to_be_visible()
    expect(entries(page)).to_have_count(shown)
    assert faults(page, axe) == []
    live.get_by_role("button", name="Show 1 new").press("Enter")
    expect(entries(page)).to_have_count(shown + 1)
    live.get_by_role("switch", name="Live").uncheck()
    expect(live.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("look", [LOOKS[1], LOOKS[2]], ids=lambda look: f"{look.scheme}-{look.width}")
def test_log_is_verified_and_an_entry_proven(sign_in: SignIn, site: Site, axe: str, look: Look) -> None:
    page = sign_in("auditor", look)
    with console(page) as heard:
        page.goto(f"{site.url}/log")
        page.get_by_role("button", name="Is it intact?").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Verify now").click()
        expect(dialog.get_by_text("The log is as it was written", exact=True)).to_be_visible()
        expect(dialog.get_by_role("button", name="Copy the signed note")).to_be_visible()
        found = in_dialog(page, axe)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Load more").press("Enter")
        entries(page).last.get_by_role("link").click()
        dialog.get_by_role("button", name="Show the proof").click()
        expect(dialog.get_by_text(re.compile(r"Sealed as number \d+ of \d+ entries"))).to_be_visible()
        found += in_dialog(page, axe)
    assert found + heard == []


def test_catalogue_tells_what_an_event_says(sign_in: SignIn, site: Site) -> None:
    page = sign_in("auditor")
    page.goto(f"{site.url}/event-types")
    page.get_by_label("Search by name or meaning").fill("category judged")
    page.get_by_role("listitem").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="category.judged")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^categoryId"))).to_contain_text("id")
    expect(page.get_by_role("region", name="example as JSON")).to_contain_text("categoryId")
    page.get_by_role("link", name="Find them in the log").click()
    expect(entries(page).first).to_contain_text("category.judged")


def test_filters_stand_in_the_address_and_are_taken_away(sign_in: SignIn, site: Site) -> None:
    page = sign_in("auditor")
    page.goto(f"{site.url}/log")
    choose_type(page, "all of judges", "judge.*")
    page.get_by_role("button", name=re.compile("^Only what .* did$")).first.click()
    expect(page.get_by_text("Only person:")).to_be_visible()
    page.reload()
    expect(entries(page).first).to_contain_text("judge.")
    page.get_by_role("button", name="Any person").press("Enter")
    expect(page.get_by_text("Only person:")).to_be_hidden()
    page.get_by_label("Not before").fill("2101-01-01T10:00")
    page.get_by_label("Not before").press("Enter")
    expect(page.get_by_text("No entry fits all of these filters.")).to_be_visible()
    page.get_by_role("button", name="Clear all filters").click()
    expect(entries(page)).to_have_count(50)
    assert "?" not in page.url
    page.go_back()
    expect(page.get_by_text("No entry fits all of these filters.")).to_be_visible()


def test_embargoed_entry_says_why_nothing_is_shown(sign_in: SignIn, site: Site, axe: str) -> None:
    page = sign_in("auditor", PHONE)
    page.goto(f"{site.url}/log?type=score.submitted")
    expect(entries(page).first).to_contain_text("Content withheld")
    entries(page).first.get_by_role("link").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("under embargo")
    assert in_dialog(page, axe) == []


def test_files_hold_what_the_filters_show(sign_in: SignIn, site: Site, tmp_path: Path) -> None:
    page = sign_in("auditor")
    page.goto(f"{site.url}/log?type=category.judged")
    expect(entries(page).first).to_be_visible()
    shown = entries(page).count()
    for name in ("CSV", "NDJSON"):
        with page.expect_download() as downloading:
            page.get_by_role("link", name=name, exact=True).click()
        downloading.value.save_as(tmp_path / name)
    with (tmp_path / "CSV").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    lines = [json.loads(line) for line in (tmp_path / "NDJSON").read_text(encoding="utf-8").splitlines()]
    assert [row["type"] for row in rows] == ["category.judged"] * shown
    assert [line["id"] for line in lines] == [row["id"] for row in rows]


def test_what_cannot_be_searched_is_refused_beside_the_filters(sign_in: SignIn, site: Site, axe: str) -> None:
    page = sign_in("auditor")
    page.goto(f"{site.url}/log?type=score.submited")
    expect(page.get_by_role("alert")).to_contain_text("score.submitted")
    assert faults(page, axe) == []
    page.get_by_role("button", name="Clear all filters").click()
    expect(entries(page)).to_have_count(50)


def test_only_admins_and_auditors_are_offered_the_log(sign_in: SignIn, site: Site) -> None:
    admin, organiser = sign_in("admin"), sign_in("organizer")
    admin.goto(f"{site.url}/")
    expect(admin.get_by_role("link", name="Event log")).to_be_visible()
    organiser.goto(f"{site.url}/log")
    expect(organiser.get_by_text("Only admins and auditors read the log")).to_be_visible()
    expect(organiser.get_by_role("link", name="Event log")).to_be_hidden()
