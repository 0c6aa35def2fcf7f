"""Importing entrants: columns found, faults named by line and column, all rows or none."""

import io
from datetime import date

import httpx
import openpyxl
import pytest

from event_manager.contests.errors import RowsRefused, UnreadableFile
from event_manager.contests.imports.columns import suggest
from event_manager.contests.imports.sheets import read_sheet
from event_manager.contests.queries.entries import list_entries, read_roster
from event_manager.contests.schemas.entries import ParticipantCreate
from event_manager.contests.service import imports, participants
from event_manager.kit.errors import Invalid
from event_manager.kit.work import Work
from tests.factories import contests as make
from tests.people import People

HEAD = "Startnummer;Vorname;Nachname;Verein;Nation;Klasse\n"


def workbook(*rows: list[object], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in (formats or {}).items():
        book.active[cell].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def entered(work: Work, contest_id: object) -> list[tuple[str | None, str, str]]:
    items, _ = await list_entries(work, contest_id, cursor=None, limit=200)  # type: ignore[arg-type]
    return [(item.number, item.name, item.club) for item in items]


async def test_a_german_spreadsheet_export_is_understood_without_help(work: Work) -> None:
    contest = await make.a_contest(work, numbering="manual")
    place = await make.a_category(work, contest, "Jugend")
    await make.a_category(work, contest, "Erwachsene")
    data = ("\ufeff" + HEAD + "007;Zoë;Müller;TSC Elbe;GER;jugend\n12;Öz;Çelik;;TUR;Jugend | Erwachsene\n").encode()

    done = await imports.run(work, contest.id, data)

    assert len(done.entry_ids) == 2
    assert await entered(work, contest.id) == [("007", "Zoë Müller", "TSC Elbe"), ("12", "Öz Çelik", "")]
    assert [entry.name for entry in await read_roster(work, place.category.id)] == ["Zoë Müller", "Öz Çelik"]


async def test_a_preview_names_columns_rows_and_faults_and_writes_nothing(work: Work) -> None:
    contest = await make.a_contest(work, numbering="manual")
    await make.a_category(work, contest, "Solo")
    data = b"Name,Category,Shoe size\nAnn,Solo,38\n,Solo,39\nBen,Sola,40\n"

    preview = await imports.preview(work, contest.id, data)

    assert [(c.heading, c.field, c.samples) for c in preview.columns] == [
        ("Name", "name", ["Ann", "Ben"]),
        ("Category", "categories", ["Solo", "Solo", "Sola"]),
        ("Shoe size", None, ["38", "39", "40"]),
    ]
    assert [(row.line, row.name, row.known) for row in preview.rows] == [(2, "Ann", False)]
    assert [(f.line, f.column, f.value, f.detail) for f in preview.faults] == [
        (3, "Name", "", "a name is missing"),
        (4, "Category", "Sola", "is no category of this contest; is 'Solo' meant?"),
    ]
    assert await entered(work, contest.id) == []


FAULTS = [
    ("Name,No\nAnn,7\nBen,7\n", 3, "No", "is the number of line 2 too"),
    ("Name,No\nAnn,1\nann,2\n", 3, "Name", "stands in line 2 too"),
    ("Name,No\nAnn,99\n", 2, "No", "is worn by somebody else in this contest"),
    ("Name,Type\nAnn,alien\n", 2, "Type", "is neither 'person' nor 'group'"),
    ("Name,Email\nAnn,ann at home\n", 2, "Email", "is not an e-mail address"),
    (
        "Name\nMÃ¼ller\n",
        2,
        "Name",
        "the cell has garbled letters, from another encoding; save the file as 'CSV UTF-8' or XLSX",
    ),
    ("Name,No\nAnn,1,7\n", 2, None, "has more cells than there are headings; quote cells that hold a delimiter"),
    ("Name,No\n\n\nAnn,123456789012345678901\n", 4, "No", "string should have at most 20 characters"),
    ("Who,No\nAnn,1\n", 1, None, "no column holds the name: choose which one does"),
]


@pytest.mark.parametrize(("text", "line", "column", "detail"), FAULTS)
async def test_a_fault_is_named_by_line_and_column_and_nothing_is_entered(
    work: Work, text: str, line: int, column: str | None, detail: str
) -> None:
    contest = await make.a_contest(work, numbering="manual")
    await imports.run(work, contest.id, b"Name,No\nSomebody,99\n")

    with pytest.raises(RowsRefused) as refusal:
        await imports.run(work, contest.id, text.encode())

    [fault] = refusal.value.extra["faults"]
    assert (fault["line"], fault["column"], fault["detail"]) == (line, column, detail)
    assert await entered(work, contest.id) == [("99", "Somebody", "")]


async def test_a_decimal_comma_in_a_fact_is_refused_and_not_read_as_thousands(work: Work) -> None:
    contest = await make.a_contest(work)
    mapping = '{"Diver": "name", "DD": "fact:difficulty"}'

    with pytest.raises(RowsRefused) as refusal:
        await imports.run(work, contest.id, b"Diver;DD\nAnn;3,2\n", mapping=mapping)

    assert refusal.value.errors[0].detail == "has a decimal comma; if 3.2 is meant, write that"


async def test_a_column_becomes_a_fact_of_the_entry(work: Work) -> None:
    contest = await make.a_contest(work)

    await imports.run(work, contest.id, b"Diver;DD\nAnn;3.2\n", mapping='{"Diver": "name", "DD": "fact:difficulty"}')

    [[entry], _] = await list_entries(work, contest.id, cursor=None, limit=9)
    assert entry.facts == {"difficulty": "3.2"}


async def test_a_known_participant_is_entered_and_not_recorded_again(work: Work) -> None:
    known = await participants.create_participant(work, ParticipantCreate(name="Zoë Müller", club="TSC Elbe"))
    contest = await make.a_contest(work)

    done = await imports.run(work, contest.id, b"Name,Club\nzoe MULLER,TSC Elbe\n")

    [[entry], _] = await list_entries(work, contest.id, cursor=None, limit=9)
    assert (done.known, entry.participant_id) == (1, known.id)


async def test_who_is_entered_already_is_not_entered_again(work: Work) -> None:
    contest = await make.a_contest(work)
    await imports.run(work, contest.id, b"Name\nAnn\n")

    preview = await imports.preview(work, contest.id, b"Name\nAnn\n")

    assert preview.faults[0].detail == "is entered in this contest already"


@pytest.mark.parametrize(
    ("mapping", "detail"),
    [
        ("[1]", "not an object of texts"),
        ('{"Nom": "name"}', "there is no column 'Nom'"),
        ('{"Name": "shoe_size"}', "'shoe_size' is no field"),
        ('{"No": "number"}', "no column holds the name"),
        ('{"Name": "name", "No": "name"}', "two columns mean 'name'"),
    ],
)
async def test_a_mapping_that_cannot_be_meant_is_refused(work: Work, mapping: str, detail: str) -> None:
    contest = await make.a_contest(work)

    with pytest.raises(Invalid) as refusal:
        await imports.preview(work, contest.id, b"Name,No\nAnn,1\n", mapping=mapping)

    assert detail in [error.detail for error in refusal.value.errors]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"Name\nM\xfcller\n", "Line 2: this file is not UTF-8 text"),
        (b"\xd0\xcf\x11\xe0rest", "old kind"),
        (b"PK\x03\x04rest", "broken workbook or archive"),
        (b'Name\n"Ann\n', "Line 2: this file holds a quoted cell that is never closed"),
        (b"Name\n" + b"Ann\n" * 2001, "more than 2000 rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_way_to_mend_it(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read_sheet(data)


def test_utf_16_text_with_its_mark_is_read() -> None:
    sheet = read_sheet("Name\tNo\nZoë\t7\n".encode("utf-16"))

    assert (sheet.headings, sheet.lines[0].cells) == (["Name", "No"], ("Zoë", "7"))


def test_a_workbook_gives_numbers_as_shown_and_refuses_what_excel_made_of_them() -> None:
    data = workbook(
        ["Name", "No", "DD", "Score", "Real"],
        ["Ann", 7, 3.2, date(2026, 3, 2), True],
        formats={"B2": "000"},
    )

    [line] = read_sheet(data).lines

    assert line.cells[:3] == ("Ann", "007", "3.2")
    assert [cell.why for cell in line.cells[3:] if not isinstance(cell, str)] == [
        "the cell holds a date or time, perhaps made of a number; format it as text and type it again",
        "the cell holds TRUE or FALSE where text or a number is meant",
    ]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Vorname", "first_name"),
        ("START_NR.", "number"),
        ("Shoe size", None),
        ("Contestant", "name"),
        ("Prénom", "first_name"),
        ("e-mail", "email"),
    ],
)
def test_headings_are_understood_or_left_to_the_organiser(heading: str, field: str | None) -> None:
    assert suggest(heading) == field


async def test_a_file_is_previewed_and_imported_over_http(api: httpx.AsyncClient, people: People) -> None:
    me = people["oscar"].bearer
    event = (await api.post("/api/contests/events", json={"name": "Games"}, headers=me)).json()
    contest = (await api.post(f"/api/contests/events/{event['id']}/contests", json={"name": "Song"}, headers=me)).json()
    address = f"/api/contests/{contest['id']}/entries/import"
    good, bad = {"file": ("list.csv", b"Name\nAnn\nBen\n")}, {"file": ("list.csv", b"Name,Mail\nAnn,nowhere\n")}

    preview = await api.post(f"{address}/preview", files=good, headers=me)
    refused = await api.post(address, files=bad, headers=me)
    done = await api.post(address, files=good, headers={**me, "Idempotency-Key": "import-1"})
    again = await api.post(address, files=good, headers=me)

    assert (preview.status_code, preview.json()["total"], preview.json()["faults"]) == (200, 2, [])
    assert (refused.status_code, refused.json()["code"]) == (422, "rows-refused")
    assert refused.json()["errors"] == [{"pointer": "/lines/2/Mail", "detail": "is not an e-mail address"}]
    assert (done.status_code, len(done.json()["entryIds"])) == (201, 2)
    assert (again.status_code, again.json()["errors"][0]["detail"]) == (422, "is entered in this contest already")


@pytest.mark.parametrize(
    "data", [b"Name\n" + b"\n" * 30_000, b"Name," + b"," * 3_000_000], ids=["blank lines", "blank columns"]
)
def test_a_file_that_is_blank_for_ever_is_refused_without_reading_it_all(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"goes on after line 20000|more than 100 columns"):
        read_sheet(data)


def test_a_sheet_with_cells_far_out_is_refused_without_filling_the_gap() -> None:
    book = openpyxl.Workbook()
    for row in range(1, 200):
        book.active.cell(row, 16_384).number_format = "0.00"
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(UnreadableFile, match="reaches 16384 columns far"):
        read_sheet(out.getvalue())
