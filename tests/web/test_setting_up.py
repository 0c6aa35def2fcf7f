"""An organiser sets a contest up from nothing, through the pages."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.checks import console
from tests.web.conftest import SignIn, Site

pytestmark = pytest.mark.browser


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option).first.click()


def create_category(page: Page, site: Site, event: str) -> None:
    """From the list of events to a new category with one contest above it."""
    page.goto(f"{site.url}/events")
    page.get_by_role("button", name="New event").first.click()
    page.get_by_label("Name", exact=True).fill(event)
    page.get_by_label("First day").fill("2027-05-01")
    page.get_by_role("button", name="Create the event").click()
    expect(page.get_by_role("heading", name=event, level=1)).to_be_visible()
    page.get_by_role("button", name="New contest").first.click()
    page.get_by_label("Name", exact=True).fill("Juniors")
    page.get_by_role("button", name="Create the contest").click()
    expect(page.get_by_role("heading", name="Juniors", level=1)).to_be_visible()
    page.get_by_role("button", name="New category").first.click()
    page.get_by_label("Name", exact=True).fill("Talent")
    page.get_by_role("button", name="Create the category").click()
    expect(page.get_by_role("heading", name="Talent", level=1)).to_be_visible()


def test_contest_from_nothing_to_open_judging(sign_in: SignIn, site: Site, tmp_path: Path) -> None:
    page = sign_in("organizer")
    create_category(page, site, "Harvest Cup")

    page.get_by_role("button", name="Add a criterion").click()
    page.get_by_label("Criterion", exact=True).fill("Poise")
    page.get_by_label("Step", exact=True).fill("0.3")
    page.get_by_role("button", name="Save the criteria").click()
    expect(page.get_by_text("Whole steps must lead")).to_be_visible()
    page.get_by_label("Step", exact=True).fill("0,5")
    page.get_by_role("button", name="Save the criteria").click()
    expect(page.get_by_text("The criteria are saved.")).to_be_visible()

    with console(page) as heard:
        page.get_by_role("link", name="Rules", exact=True).click()
        expect(page.get_by_text("No rule set yet")).to_be_visible()
        choose(page, "Rule set", "Weighted sum per judge")
        page.get_by_role("button", name="Use this rule set").click()
        expect(page.get_by_text("weighted-mean").first).to_be_visible()
        expect(page.get_by_text("No rule set yet")).to_be_hidden()
    assert heard == []

    page.get_by_role("link", name="Juniors").click()
    page.get_by_role("link", name="Entries", exact=True).click()
    page.get_by_role("button", name="Import").click()
    table = tmp_path / "entries.csv"
    table.write_text("Name,Club,Number\nAna Silva,North,7\n,South,8\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(table)
    expect(page.get_by_text("nothing is taken until they are mended")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("Line 3")).to_be_visible()
    table.write_text("Name,Club\nAna Silva,North\nBo Lind,South\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(table)
    page.get_by_role("button", name="Import 2 entries").click()
    expect(page.get_by_text("2 entries are in.")).to_be_visible()
    expect(page.get_by_role("cell", name="Bo Lind", exact=True)).to_be_visible()

    page.get_by_role("link", name="Categories", exact=True).click()
    page.get_by_role("link", name="Talent").click()
    page.get_by_role("link", name="Panel", exact=True).click()
    page.get_by_role("button", name="Seat a judge").first.click()
    choose(page, "Member", "Dagny Ferreira")
    page.get_by_role("button", name="Add the seat").click()
    expect(page.get_by_text("J1")).to_be_visible()

    page.get_by_role("button", name="Open judging").click()
    page.get_by_role("dialog").get_by_role("button", name="Open judging").click()
    expect(page.get_by_text("Judging is open.")).to_be_visible()
    expect(page.get_by_role("button", name="Close judging")).to_be_visible()


def test_judging_does_not_open_before_something_is_there_to_judge(sign_in: SignIn, site: Site) -> None:
    page = sign_in("organizer")
    create_category(page, site, "Empty Cup")
    missing = page.get_by_role("list", name="Still missing").get_by_role("listitem")
    expect(missing).to_have_count(4)
    page.get_by_role("button", name="Add a criterion").click()
    page.get_by_label("Criterion", exact=True).fill("Poise")
    page.get_by_role("button", name="Save the criteria").click()
    expect(missing).to_have_count(3)
    page.get_by_role("button", name="Open judging").click()
    page.get_by_role("dialog").get_by_role("button", name="Open judging").click()
    expect(page.get_by_role("alert")).to_contain_text("Something is missing before judging can begin")


def test_order_is_changed_by_buttons_and_kept(sign_in: SignIn, site: Site) -> None:
    page = sign_in("organizer")
    create_category(page, site, "Order Cup")
    for name in ("Poise", "Voice"):
        page.get_by_role("button", name="Add a criterion").click()
        page.get_by_label("Criterion", exact=True).last.fill(name)
    page.get_by_role("button", name="Move Voice up").press("Enter")
    page.get_by_role("button", name="Save the criteria").click()
    expect(page.get_by_text("The criteria are saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Criterion", exact=True).first).to_have_value("Voice")


def test_contest_is_locked_with_a_reason(sign_in: SignIn, site: Site) -> None:
    page = sign_in("organizer")
    create_category(page, site, "Locked Cup")
    page.get_by_role("button", name=re.compile("More actions")).click()
    page.get_by_role("menuitem", name="Lock", exact=True).click()
    page.get_by_role("button", name="Lock it").click()
    expect(page.get_by_text("Say why in a few words")).to_be_visible()
    page.get_by_label("Reason").fill("The day is over")
    page.get_by_role("button", name="Lock it").click()
    expect(page.get_by_text("Locked", exact=True)).to_be_visible()
