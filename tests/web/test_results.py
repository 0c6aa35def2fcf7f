"""The results page: places with their reasons, the document, deductions by two people, the chair's word on a tie."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Festival, SignIn, Site

pytestmark = pytest.mark.browser


def test_document_of_a_result_verifies_itself(sign_in: SignIn, site: Site, festival: Festival, tmp_path: Path) -> None:
    page = sign_in("auditor")
    page.goto(f"{site.url}/categories/{festival.categories['Final']}/results")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download the result document").click()
    downloading.value.save_as(tmp_path / "result.json")
    document = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    expect(page.get_by_text(document["hash"])).to_be_visible()


def test_deduction_counts_once_a_second_person_has_approved_it(sign_in: SignIn, site: Site, festival: Festival) -> None:
    results = f"{site.url}/categories/{festival.categories['Ballad']}/results"
    tally, organiser = sign_in("tally"), sign_in("organizer")
    tally.goto(results)
    tally.get_by_role("button", name="Ask for one").click()
    tally.get_by_role("combobox", name="Entry").click()
    tally.get_by_role("option", name=re.compile("Saga Delacroix")).click()
    tally.get_by_label("Points to take off").fill("0,25")
    tally.get_by_label("Reason").fill("Left the stage too late")
    tally.get_by_role("button", name="Ask for it").click()
    line = tally.get_by_role("listitem").filter(has_text="Left the stage too late")
    expect(line).to_contain_text("Waits for a second person")
    line.get_by_role("button", name=re.compile("^Approve")).click()
    expect(tally.get_by_text("Somebody else must approve this")).to_be_visible()

    organiser.goto(results)
    line = organiser.get_by_role("listitem").filter(has_text="Left the stage too late")
    line.get_by_role("button", name=re.compile("^Approve")).click()
    expect(line).to_contain_text("Counts")
    expect(tally.get_by_role("listitem").filter(has_text="Left the stage too late")).to_contain_text(
        "Counts", timeout=20_000
    )
