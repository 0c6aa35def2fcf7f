"""An admin gives roles below one contest, and changes what is true of the whole organisation."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.checks import LOOKS, Look, console, faults
from tests.web.conftest import SignIn, Site

pytestmark = pytest.mark.browser
looks = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_role("dialog").get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def roles_of(page: Page, site: Site, name: str) -> Locator:
    """Opens the dialog of somebody's roles; gives the line in the list of members."""
    page.goto(f"{site.url}/members")
    page.get_by_role("button", name=f"Actions for {name}").press("Enter")
    page.get_by_role("menuitem", name="Roles").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text(f"Roles of {name}")
    return page.get_by_role("listitem").filter(has_text=name)


@looks
def test_role_of_one_contest_is_given_shown_and_taken_away(sign_in: SignIn, site: Site, axe: str, look: Look) -> None:
    page = sign_in("admin", look)
    with console(page) as heard:
        line = roles_of(page, site, "Fiona Albrecht")
        pick(page, "Role", "Judge")
        pick(page, "Event", "Lakeside Festival Weekend")
        pick(page, "Contest", "Young Voices")
        page.get_by_role("button", name="Add this role").click()
        expect(page.get_by_role("dialog")).to_contain_text("Judge of contest Young Voices")
        found = [fault for fault in faults(page, axe) if not fault.startswith("region:")]
        page.get_by_role("button", name="Save", exact=True).click()
        expect(line).to_contain_text("Judge of contest Young Voices")

        roles_of(page, site, "Fiona Albrecht")
        page.get_by_role("button", name="Take away Judge of contest Young Voices").press("Enter")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(line).not_to_contain_text("Judge")
    assert found + heard == []


def test_invitation_names_the_category_it_is_for(sign_in: SignIn, site: Site) -> None:
    page = sign_in("admin")
    page.goto(f"{site.url}/members")
    page.get_by_role("button", name="Invite people").click()
    addresses = page.get_by_role("combobox", name="E-mail addresses")
    addresses.fill("guest.judge@lakeside.example")
    addresses.press("Enter")
    pick(page, "Event", "Lakeside Festival Weekend")
    pick(page, "Contest", "Young Voices")
    pick(page, "Category", "Ballad")
    page.get_by_role("button", name="Send invitations").click()
    invited = page.get_by_role("listitem").filter(has_text="guest.judge@lakeside.example")
    expect(invited).to_contain_text("Judge of category Ballad")


@looks
def test_settings_of_the_organisation_are_changed(sign_in: SignIn, site: Site, axe: str, look: Look) -> None:
    page = sign_in("admin", look)
    with console(page) as heard:
        page.goto(f"{site.url}/settings")
        name = page.get_by_label("Name", exact=True)
        before = name.input_value()
        found = faults(page, axe)
        name.fill(" ")
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.get_by_text("Give the organisation a name.")).to_be_visible()
        name.fill(f"{before} II")
        page.get_by_role("combobox", name="Time zone").fill("Lisbon")
        page.get_by_role("option", name="Europe/Lisbon").click()
        page.get_by_label("Language").fill("pt-PT")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("banner")).to_contain_text(f"{before} II")
        page.reload()
        expect(page.get_by_role("combobox", name="Time zone")).to_have_value("Europe/Lisbon")
        expect(page.get_by_label("Language")).to_have_value("pt-PT")
        page.get_by_label("Name", exact=True).fill(before)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("banner")).not_to_contain_text(f"{before} II")
    assert found + heard == []


def test_settings_changed_elsewhere_meanwhile_are_not_overwritten(sign_in: SignIn, site: Site) -> None:
    page, other = sign_in("admin"), sign_in("admin")
    for each in (page, other):
        each.goto(f"{site.url}/settings")
        expect(each.get_by_label("Name", exact=True)).to_be_visible()
    other.get_by_label("Language").fill("de")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("The settings are saved.")).to_be_visible()
    page.get_by_label("Language").fill("fr")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Load the page again")


def test_only_an_admin_is_offered_the_settings(sign_in: SignIn, site: Site) -> None:
    page = sign_in("organizer")
    page.goto(f"{site.url}/")
    expect(page.get_by_role("link", name="People")).to_be_visible()
    expect(page.get_by_role("link", name="Settings")).to_be_hidden()
    page.goto(f"{site.url}/settings")
    expect(page.get_by_text("Only an admin changes these")).to_be_visible()
