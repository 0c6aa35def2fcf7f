"""An organiser writes a rule set of the organisation's own, beginning from one of the library."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.checks import LOOKS, Look, console, faults
from tests.web.conftest import SignIn, Site

pytestmark = pytest.mark.browser
looks = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")
REFUSED = ("422 (Unprocessable Entity)",)


def document(page: Page) -> dict[str, Any]:
    """What stands in the editor."""
    read: dict[str, Any] = json.loads(page.get_by_label("Rules", exact=True).input_value())
    return read


def write(page: Page, text: str) -> None:
    page.get_by_label("Rules", exact=True).fill(text)


@looks
def test_faults_are_said_in_words_at_their_places(sign_in: SignIn, site: Site, axe: str, look: Look) -> None:
    page = sign_in("organizer", look)
    with console(page, expected=REFUSED) as heard:
        page.goto(f"{site.url}/rules/new?from=skating")
        expect(page.get_by_text("These rules can be saved")).to_be_visible()
        found = faults(page, axe)

        good = page.get_by_label("Rules", exact=True).input_value()
        write(page, good.rstrip("}") + ",}")
        expect(page.get_by_text("There is a comma too many before }.")).to_be_visible()
        rules = document_with(good, stages=[{"kind": "skate"}])
        write(page, json.dumps(rules, indent=2))
        expect(page.get_by_text("“skate” is no kind of stage")).to_be_visible()
        expect(page.get_by_role("button", name="Save the rule set")).to_be_disabled()
        found += faults(page, axe)

        page.get_by_role("button", name="Stage 1 (line").press("Enter")
        chosen = page.get_by_label("Rules", exact=True).evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
        assert json.loads(chosen) == {"kind": "skate"}
    assert found + heard == []


def document_with(text: str, **changes: object) -> dict[str, Any]:
    """The document of a text, with parts replaced."""
    return {**json.loads(text), **changes}


def test_own_rule_set_is_saved_and_then_edited_as_its_next_version(sign_in: SignIn, site: Site) -> None:
    page = sign_in("organizer")
    page.goto(f"{site.url}/rules/borda")
    page.get_by_role("link", name="Begin an own one from it").click()
    expect(page.get_by_text("These rules can be saved")).to_be_visible()
    write(page, json.dumps({**document(page), "name": "hall-borda", "title": "Borda of our hall"}))
    page.get_by_role("button", name="Save the rule set").click()
    expect(page.get_by_role("heading", name="Borda of our hall", level=1)).to_be_visible()
    expect(page.get_by_text("hall-borda, version 1")).to_be_visible()

    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_text("These rules can be saved")).to_be_visible()
    write(page, json.dumps({**document(page), "title": "Borda of our new hall"}))
    page.get_by_role("button", name="Save as the next version").click()
    expect(page.get_by_role("heading", name="Borda of our new hall", level=1)).to_be_visible()
    expect(page.get_by_text("hall-borda, version 2")).to_be_visible()

    page.goto(f"{site.url}/rules")
    own = page.get_by_role("article").filter(has_text="Borda of our new hall")
    expect(own).to_contain_text("Your own")


def test_help_is_found_by_a_word(sign_in: SignIn, site: Site) -> None:
    page = sign_in("organizer")
    page.goto(f"{site.url}/rules/new")
    page.get_by_label("Search the help").fill("median-tol")
    page.get_by_role("button", name="median-tolerance").press("Enter")
    expect(page.get_by_role("region", name="median-tolerance")).to_be_visible()
    expect(page.get_by_role("button", name="trimmed")).to_be_hidden()


def test_reader_is_not_offered_to_edit_rules(sign_in: SignIn, site: Site) -> None:
    page = sign_in("judge1")
    page.goto(f"{site.url}/rules/borda")
    expect(page.get_by_role("heading", name="Source")).to_be_visible()
    expect(page.get_by_role("link", name="Begin an own one from it")).to_be_hidden()
