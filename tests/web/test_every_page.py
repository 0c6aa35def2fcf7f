"""Every page in light and dark, on a phone and a desk: no accessibility violation, no console error."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.checks import LOOKS, Look, console, faults
from tests.web.conftest import Festival, SignIn, Site

pytestmark = pytest.mark.browser
looks = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")


def walk(
    page: Page, site: Site, axe: str, places: list[tuple[str, str]], *, expected: tuple[str, ...] = ()
) -> list[str]:
    """Faults of all places, each a path and the heading that shows it has loaded."""
    found = []
    with console(page, expected=expected) as heard:
        for path, heading in places:
            page.goto(f"{site.url}{path}")
            expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
            page.wait_for_timeout(300)
            found += [f"{path} {fault}" for fault in faults(page, axe)]
    return found + heard


@looks
def test_pages_before_signing_in(page: Page, site: Site, axe: str, look: Look) -> None:
    page.set_viewport_size({"width": look.width, "height": 844})
    page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
    token = "#abcdefghijklmnopqrstuvwxyz0123456789"
    places = [
        ("/sign-in", "Sign in"),
        ("/forgot-password", "Forgot your password?"),
        (f"/reset-password{token}", "Set a new password"),
        (f"/invitation{token}", "This invitation cannot be used"),
        ("/outbox", "Outbox of the demo"),
        ("/nowhere", "There is no such page"),
    ]
    assert walk(page, site, axe, places, expected=("410 (Gone)",)) == []


@looks
def test_pages_of_an_organiser(sign_in: SignIn, site: Site, axe: str, festival: Festival, look: Look) -> None:
    contest, dance = festival.contests["Young Voices"], festival.categories["Final"]
    ballad, vote, free = (festival.categories[name] for name in ("Ballad", "Judges' vote", "Free choice"))
    places = [
        ("/", "Hello, Noor"),
        ("/events", "Events"),
        (f"/events/{festival.event}", "Lakeside Festival Weekend"),
        (f"/contests/{contest}", "Young Voices"),
        (f"/contests/{contest}/entries", "Entries"),
        (f"/contests/{contest}/result", "Contest result"),
        (f"/categories/{vote}", "Criteria"),
        (f"/categories/{vote}/rules", "Choose another one"),
        (f"/categories/{ballad}/rules", "Rule set in force"),
        (f"/categories/{ballad}/entries", "Entries in this category"),
        (f"/categories/{ballad}/panel", "Seats"),
        (f"/categories/{ballad}/results", "Result"),
        (f"/categories/{free}/results", "Who has marked"),
        (f"/categories/{dance}/results", "Ties"),
        ("/rules", "Rule library"),
        ("/rules/skating", "Source"),
        ("/members", "People"),
        ("/settings", "Settings"),
        ("/account", "Profile"),
        ("/account/security", "Security"),
        ("/account/keys", "API keys"),
        ("/account/notifications", "Quiet hours"),
        ("/notifications", "Notifications"),
    ]
    assert walk(sign_in("organizer", look), site, axe, places) == []


@looks
def test_pages_of_a_judge(sign_in: SignIn, site: Site, axe: str, festival: Festival, look: Look) -> None:
    places = [
        ("/judging", "My judging"),
        (f"/judging/{festival.categories['Free choice']}", "Free choice"),
        (f"/judging/{festival.categories['Final']}", "Final"),
    ]
    assert walk(sign_in("judge3", look), site, axe, places) == []


@looks
def test_dialogs_and_menus(sign_in: SignIn, site: Site, axe: str, festival: Festival, look: Look) -> None:
    ballad = festival.categories["Ballad"]
    openers = [
        ("organizer", "/events", "New event"),
        ("organizer", f"/events/{festival.event}", "More actions"),
        ("organizer", f"/contests/{festival.contests['Young Voices']}/entries", "Import"),
        ("organizer", f"/contests/{festival.contests['Young Voices']}/entries", "Running order"),
        ("organizer", f"/categories/{ballad}/panel", "Record one"),
        ("organizer", f"/categories/{ballad}/results", "Why"),
        ("admin", "/members", "Invite people"),
        ("admin", "/account/keys", "New key"),
        ("admin", "/", "Account of"),
    ]
    people = {name: sign_in(name, look) for name in ("organizer", "admin")}
    found = []
    for name, path, button in openers:
        page = people[name]
        page.goto(f"{site.url}{path}")
        page.get_by_role("button", name=button).first.click()
        page.wait_for_timeout(300)
        found += [f"{path} {button}: {fault}" for fault in faults(page, axe) if not fault.startswith("region:")]
    assert found == []
