"""The results page: places with their reasons, the document, deductions by two people, the chair's word on a tie."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from event_manager.tabulation.document import verify
from tests.web.checks import PHONE, console, faults
from tests.web.conftest import Festival, SignIn, Site

pytestmark = pytest.mark.browser


def test_document_of_a_result_verifies_itself(sign_in: SignIn, site: Site, festival: Festival, tmp_path: Path) -> None:
    page = sign_in("auditor")
    page.goto(f"{site.url}/categories/{festival.categories['Final']}/results")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Document to verify (JSON)").click()
    downloading.value.save_as(tmp_path / "result.json")
    document = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    expect(page.get_by_text(document["hash"])).to_be_visible()
    assert verify(document).holds


def test_result_of_a_contest_comes_as_document_table_and_page(
    sign_in: SignIn, site: Site, festival: Festival, tmp_path: Path
) -> None:
    page = sign_in("auditor", PHONE)
    with console(page) as heard:
        page.goto(f"{site.url}/contests/{festival.contests['Ballroom Final']}/result")
        with page.expect_download() as downloading:
            page.get_by_role("link", name="Document to verify (JSON)").click()
        downloading.value.save_as(tmp_path / "contest.json")
        with page.expect_download() as downloading:
            page.get_by_role("link", name="Table (CSV)").click()
        downloading.value.save_as(tmp_path / "contest.csv")
        with page.expect_popup() as opening:
            page.get_by_role("link", name="Page to print").click()
    sheet = opening.value
    expect(sheet.get_by_role("heading", name="Result: Ballroom Final")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=re.compile("^1"))).to_contain_text("Nils & Aurora Vance")
    document = json.loads((tmp_path / "contest.json").read_text(encoding="utf-8"))
    assert verify(document).holds
    expect(sheet.get_by_text(document["hash"])).to_be_visible()
    assert (tmp_path / "contest.csv").read_text(encoding="utf-8-sig").startswith("place,entry,name,total")
    assert heard == []


def test_auditor_reads_every_mark_of_an_entry(sign_in: SignIn, site: Site, festival: Festival, axe: str) -> None:
    page = sign_in("auditor", PHONE)
    page.goto(f"{site.url}/categories/{festival.categories['Final']}/results")
    page.get_by_role("button", name=re.compile("^Why")).first.click()
    page.get_by_role("button", name=re.compile("^Marks and their changes")).click()
    told = page.get_by_role("list", name="Changes, newest first").get_by_role("listitem")
    expect(told).to_have_count(15)
    expect(told.last).to_contain_text("J1 Amara Lindqvist")
    assert [fault for fault in faults(page, axe) if not fault.startswith("region:")] == []


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
