"""The bell counts what waits while one looks on; a notification leads to its page; choices are kept."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.checks import LOOKS, Look, console, faults
from tests.web.conftest import Festival, SignIn, Site

pytestmark = pytest.mark.browser
looks = pytest.mark.parametrize("look", [LOOKS[0], LOOKS[3]], ids=lambda look: f"{look.scheme}-{look.width}")


def origin(site: Site) -> dict[str, str]:
    return {"Origin": site.url.removesuffix("/t/lakeside")}


def read_all(page: Page, site: Site) -> None:
    """Other tests of this session have changed things that people are told of."""
    assert page.request.post(f"{site.url}/api/notifications/read", data={"all": True}, headers=origin(site)).ok


def withdraw_and_return(page: Page, site: Site, contest: str) -> None:
    """Something that organisers are told of, and that changes nothing in the end."""
    entries = page.request.get(f"{site.url}/api/contests/{contest}/entries").json()["items"]
    for state in ("withdrawn", "entered"):
        body = {"state": state, "reason": "ill, then well"}
        address = f"{site.url}/api/contests/entries/{entries[-1]['id']}/state"
        assert page.request.post(address, data=body, headers=origin(site)).ok


@looks
def test_bell_rings_and_leads_to_what_waits(
    sign_in: SignIn, site: Site, axe: str, festival: Festival, look: Look
) -> None:
    contest = festival.contests["Young Voices"]
    page = sign_in("organizer", look)
    read_all(page, site)
    with console(page) as heard:
        page.goto(f"{site.url}/events")
        bell = page.get_by_role("link", name=re.compile("^Notifications"))
        expect(bell).to_have_accessible_name("Notifications")
        withdraw_and_return(sign_in("admin"), site, contest)
        expect(bell).to_have_accessible_name("Notifications: 1 is not read", timeout=20_000)
        found = faults(page, axe)
        bell.click()
        told = page.get_by_role("list", name="Notifications, newest first").get_by_role("listitem")
        expect(told.first).to_contain_text("New")
        found += faults(page, axe)
        told.first.get_by_role("link", name="An entry of Young Voices was withdrawn").press("Enter")
        expect(page).to_have_url(f"{site.url}/contests/{contest}/entries")
        expect(bell).to_have_accessible_name("Notifications")
    assert found + heard == []


def test_how_one_is_told_is_kept(sign_in: SignIn, site: Site, axe: str) -> None:
    page = sign_in("tally")
    page.goto(f"{site.url}/account/notifications")
    kind = page.get_by_role("group", name="A deduction waits for a second person")
    save = page.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    kind.get_by_role("combobox").click()
    page.get_by_role("option", name="In the daily mail").click()
    page.get_by_role("switch", name="No mails in quiet hours").press("Space")
    page.get_by_label("From").fill("23:15")
    assert faults(page, axe) == []
    save.click()
    expect(page.get_by_text("Your choices are saved.")).to_be_visible()
    page.reload()
    expect(kind.get_by_role("combobox")).to_have_value("In the daily mail")
    expect(page.get_by_label("From")).to_have_value("23:15")
    expect(save).to_be_disabled()
