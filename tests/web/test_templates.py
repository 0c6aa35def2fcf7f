"""What was set up once is kept as a template, and new contests are made from it."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.checks import LOOKS, Look, console, faults
from tests.web.conftest import Festival, SignIn, Site

pytestmark = pytest.mark.browser
looks = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")


def save_template(page: Page, name: str) -> None:
    """Saves what the page is about as a template."""
    page.get_by_role("button", name="More actions").press("Enter")
    page.get_by_role("menuitem", name="Save as template").press("Enter")
    page.get_by_label("Name of the template").fill(name)
    page.get_by_role("button", name="Save the template").press("Enter")
    expect(page.get_by_text("The template is saved.")).to_be_visible()


def from_template(page: Page, template: str, name: str) -> None:
    """Makes something of a template that the page offers."""
    page.get_by_role("button", name="From a template").first.click()
    page.get_by_role("combobox", name="Template").click()
    page.get_by_role("option", name=template, exact=True).click()
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Create the").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


@looks
def test_contest_is_made_from_a_template(sign_in: SignIn, site: Site, axe: str, festival: Festival, look: Look) -> None:
    page, name = sign_in("organizer", look), f"Voices {look.scheme} {look.width}"
    with console(page) as heard:
        page.goto(f"{site.url}/contests/{festival.contests['Young Voices']}")
        save_template(page, name)
        page.goto(f"{site.url}/events")
        expect(page.get_by_role("list", name="Templates")).to_contain_text(name)
        found = faults(page, axe)
        page.goto(f"{site.url}/events/{festival.event}")
        from_template(page, name, f"Made of {name}")
        expect(page.get_by_role("link", name="Ballad")).to_be_visible()
        expect(page.get_by_text("Template", exact=True)).to_be_hidden()
        found += faults(page, axe)
    assert found + heard == []


def test_event_and_category_are_made_from_templates(sign_in: SignIn, site: Site, festival: Festival) -> None:
    page = sign_in("organizer")
    page.goto(f"{site.url}/events/{festival.event}")
    save_template(page, "A festival")
    page.goto(f"{site.url}/categories/{festival.categories['Ballad']}")
    save_template(page, "A ballad round")

    page.goto(f"{site.url}/events")
    from_template(page, "A festival", "Next year's festival")
    expect(page.get_by_role("link", name="Young Voices")).to_be_visible()
    page.get_by_role("link", name="Young Voices").click()
    expect(page.get_by_role("heading", name="Young Voices", level=1)).to_be_visible()
    from_template(page, "A ballad round", "Second ballad")
    page.get_by_role("link", name="Rules", exact=True).click()
    expect(page.get_by_role("heading", name="Rule set in force")).to_be_visible()
    expect(page.get_by_text("No rule set yet")).to_be_hidden()
