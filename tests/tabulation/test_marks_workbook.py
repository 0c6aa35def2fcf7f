"""Marks out of XLSX workbooks, as spreadsheet programs save them."""

import contextlib
import io
import struct
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.files.marks_file import Files, read_inputs
from event_manager.tabulation.files.sheet_xlsx import number_text
from event_manager.tabulation.model import FACTS, BadInput, Inputs, Where

HEADER = ("entry", "judge", "mark")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OF_A_LATER_ZIP = (
    b"PK\x03\x04PK\x01\x02\x14\x00\xfd".ljust(50, b"\0")
    + b"PK\x05\x06"
    + bytes(4)
    + (struct.pack("<HHIIH", 1, 1, 46, 4, 0))
)
Values = list[tuple[object, ...]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory worked in, so that messages name files as a user types them."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(name: str, **sheets: Values) -> str:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(name)
    return name


def read(path: str, entries: str | None = None) -> Inputs:
    return read_inputs(Files(path, entries), FACTS)


def troubles(path: str, entries: str | None = None) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        read(path, entries)
    return [str(trouble) for trouble in refusal.value.troubles]


def test_numbers_come_out_as_typed_and_numeric_bibs_as_whole_numbers() -> None:
    save("final.xlsx", Finale=[HEADER, (11, "A", 9.1), (12.0, 1, 0.1 + 0.2), ("007", "A", "8.50")])

    inputs = read("final.xlsx")

    assert [row[:3] for row in inputs.marks] == [("11", "A", "9.1"), ("12", "1", "0.3"), ("007", "A", "8.50")]
    assert inputs.marks[0].where == Where("final.xlsx[Finale]", 2, "mark")


def test_zeros_that_a_cell_shows_before_its_number_belong_to_it() -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, (7, 1, 8.5), (1234, 1, 9)):
        book.active.append(row)  # type: ignore[union-attr]
    for cell in ("A2", "A3", "C2"):
        book.active[cell].number_format = "000"  # type: ignore[index]
    book.save("final.xlsx")

    assert [row[:3] for row in read("final.xlsx").marks] == [("007", "1", "8.5"), ("1234", "1", "9")]


@given(st.decimals(min_value="-99999", max_value="99999", places=6))
@settings(max_examples=300)
def test_any_decimal_survives_the_binary_number_of_a_cell(typed: object) -> None:
    shortest = f"{typed:f}".rstrip("0").rstrip(".")

    assert number_text(float(f"{typed}")) == ("0" if shortest in ("-0", "") else shortest)


def test_one_workbook_may_hold_marks_entries_and_judges() -> None:
    save(
        "contest.xlsx",
        Notes=[("printed on", "Friday")],
        Judges=[("judge", "role"), ("A", "head")],
        ENTRIES=[("entry", "name"), (11, "Ann")],
        marks=[HEADER, (11, "A", 7)],
    )

    inputs = read("contest.xlsx")

    assert [row[:3] for row in inputs.marks] == [("11", "A", "7")]
    assert [entry[:2] for entry in inputs.entries] == [("11", "Ann")]
    assert [judge.head for judge in inputs.judges] == [True]


def test_without_titles_the_first_sheet_holds_the_marks() -> None:
    save("contest.xlsx", entries=[("entry", "name"), (11, "Ann")], Tabelle1=[HEADER, (11, "A", 7)], Tabelle2=[])

    assert [row[:3] for row in read("contest.xlsx").marks] == [("11", "A", "7")]


def test_entries_are_refused_when_given_twice() -> None:
    save("contest.xlsx", marks=[HEADER, (11, "A", 7)], entries=[("entry", "name"), (11, "Ann")])
    Path("entries.csv").write_text("entry,name\n11,Bo\n")

    assert troubles("contest.xlsx", "entries.csv") == [
        "entries.csv is given beside the sheet “entries” of contest.xlsx; use one"
    ]


def test_cells_that_are_no_text_and_no_number_are_refused_where_they_stand() -> None:
    save(
        "final.xlsx",
        marks=[HEADER, (11, "A", date(2026, 5, 1)), (11, "B", True), (None, "C", "=1/0"), (), (12, "A", "1,25")],
    )

    assert troubles("final.xlsx") == [
        (
            "final.xlsx[marks]:2 (mark): the cell holds a date or time, perhaps made of a number; format it as text "
            "and type it again"
        ),
        "final.xlsx[marks]:3 (mark): the cell holds TRUE or FALSE where text or a number is meant",
        "final.xlsx[marks]:4 (entry): no entry is named",
        (
            "final.xlsx[marks]:4 (mark): the cell holds a formula without a saved value; open the workbook in a "
            "spreadsheet program, save it, try again"
        ),
        "final.xlsx[marks]:6 (mark): 1,25 has a decimal comma; if 1.25 is meant, write that",
    ]


def test_the_saved_value_of_a_formula_is_read_and_its_error_refused() -> None:
    save("final.xlsx", marks=[HEADER, (11, "A", 41), (12, "A", 42)])
    rewrite("final.xlsx", "xl/worksheets/sheet1.xml", "<v>41</v>", "<f>7*6</f><v>7.5</v>")
    rewrite("final.xlsx", "xl/worksheets/sheet1.xml", 't="n"><v>42</v>', 't="e"><f>1/0</f><v>#DIV/0!</v>')

    assert troubles("final.xlsx") == ["final.xlsx[marks]:3 (mark): the cell holds the error #DIV/0! of a formula"]


def test_an_empty_sheet_is_refused() -> None:
    save("final.xlsx", marks=[])

    assert troubles("final.xlsx") == [
        "final.xlsx[marks] is empty; the first line must name the columns: entry,judge,mark"
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04 cut off", "is a broken workbook or archive; save it again as XLSX or CSV"),
        (OF_A_LATER_ZIP, "is a broken workbook or archive; save it again as XLSX or CSV"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password; save a copy without one"),
        (OLE + b" Workbook", "is a workbook of the old kind (.xls); save it as XLSX or CSV"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_in_one_sentence(data: bytes, told: str) -> None:
    Path("final.xlsx").write_bytes(data)

    assert troubles("final.xlsx") == [f"final.xlsx {told}"]


def test_another_archive_is_refused() -> None:
    with zipfile.ZipFile("final.xlsx", "w") as archive:
        archive.writestr("content.xml", "<office/>")

    assert troubles("final.xlsx") == ["final.xlsx is an archive but no XLSX workbook; save it as XLSX or CSV"]


def test_a_workbook_with_a_broken_part_is_refused() -> None:
    save("final.xlsx", marks=[HEADER, (11, "A", 7)])
    rewrite("final.xlsx", "xl/worksheets/sheet1.xml", "</sheetData>", "</sheet>")

    (told,) = troubles("final.xlsx")

    assert told.startswith("final.xlsx is a broken workbook (mismatched tag")


@cache
def sound_workbook() -> bytes:
    """One for all examples: each that is saved holds the time, and its compressed size hangs on that."""
    book = openpyxl.Workbook()
    for row in (HEADER, (11, "A", 7.25), (12, "B", 8)):
        book.active.append(row)  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_is_read_or_refused_but_never_crashes(data: st.DataObject) -> None:
    damaged = bytearray(sound_workbook())
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    Path("damaged.xlsx").write_bytes(damaged)

    with contextlib.suppress(BadInput):
        assert [row.entry for row in read("damaged.xlsx").marks]


def rewrite(path: str, member: str, old: str, new: str) -> None:
    """Replace text in one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[member].decode()
    parts[member] = parts[member].decode().replace(old, new).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
