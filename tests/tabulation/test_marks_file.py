"""What organisers hand in, and what they are told when it cannot be used."""

import contextlib
import csv
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.files import sheet_files
from event_manager.tabulation.files.marks_file import Files, read_inputs
from event_manager.tabulation.files.sheet import Limits, tidy
from event_manager.tabulation.model import FACTS, BadInput, Entry, FactRow, Inputs, Judge, MarkRow, Where

HEADER = "entry,judge,mark\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory worked in, so that messages name files as a user types them."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(marks: str | bytes, entries: str | None = None, judges: str | None = None) -> Inputs:
    Path("marks.csv").write_bytes(marks if isinstance(marks, bytes) else marks.encode())
    for name, text in (("entries.csv", entries), ("judges.csv", judges)):
        if text is not None:
            Path(name).write_text(text)
    files = Files("marks.csv", "entries.csv" if entries is not None else None, "judges.csv" if judges else None)
    return read_inputs(files, FACTS)


def troubles(marks: str | bytes, entries: str | None = None, judges: str | None = None) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        read(marks, entries, judges)
    return [str(trouble) for trouble in refusal.value.troubles]


def values(inputs: Inputs) -> list[tuple[str, ...]]:
    return [row[:6] for row in inputs.marks]


# What is accepted


def test_a_mark_knows_its_place_in_the_file(folder: Path) -> None:
    inputs = read("Entry,Judge,Score,Dance\n11,A,7.5,Waltz\n")

    assert inputs.marks == [MarkRow("11", "A", "7.5", "Waltz", where=Where("marks.csv", 2, "Score"))]


@pytest.mark.parametrize(
    "text",
    [
        "entry,judge,mark\n11,A,7.5\n",
        "\ufeffentry,judge,mark\r\n11,A,7.5\r\n",
        "entry;judge;mark\n11;A;7.5\n",
        "entry\tjudge\tmark\n11\tA\t7.5\n",
        "\n\n ENTRY , Judge,Mark \n\n 11 ,\u00a0A, 7.5 \n,,\n",
        'mark,"judge",entry\n"7.5","A","11"',
        "Bib,Adjudicator,Points\r11,A,7.5\r",
        "entry,judge,mark,,\n11,A,7.5,,\n",
    ],
)
def test_the_same_marks_may_be_written_in_many_ways(folder: Path, text: str) -> None:
    assert values(read(text)) == [("11", "A", "7.5", "", "", "")]


def test_a_quoted_name_may_hold_the_delimiter_quotes_and_a_line_break(folder: Path) -> None:
    inputs = read('entry,judge,mark\n"Smith, ""Jo""\nand Al",A,7\n12,A,8\n')

    assert [(row.entry, row.where.line if row.where else 0) for row in inputs.marks] == [
        ('Smith, "Jo" and Al', 2),
        ("12", 4),
    ]


def test_columns_in_any_order_and_case_with_blanks_quotes_and_a_note_are_understood(folder: Path) -> None:
    inputs = read(' MARK ,"JUDGE", P-art, "ENTRY",Comments\n 8.5 , "Jo, Ann","", "Åsa  Öst",good; very\n')

    assert values(inputs) == [("Åsa Öst", "Jo, Ann", "8.5", "", "", "")]


def test_marks_that_are_no_single_judges_have_blank_judges_throughout(folder: Path) -> None:
    assert [row.judge for row in read("entry,judge,mark\n11,,1\n12,,2.5\n").marks] == ["", ""]


def test_utf_16_text_with_its_mark_is_read(folder: Path) -> None:
    assert values(read((HEADER + "11,Zoë,7\n").encode("utf-16"))) == [("11", "Zoë", "7", "", "", "")]


def test_garbled_letters_are_refused_where_they_stand(folder: Path) -> None:
    assert troubles(HEADER + "11,MÃ¼ller,7\n") == [
        "marks.csv:2 (judge): the cell has garbled letters, from another encoding; save the file as 'CSV UTF-8' or XLSX"
    ]


def test_composed_and_decomposed_letters_name_the_same_judge(folder: Path) -> None:
    inputs = read(HEADER + "11,Ren\u00e9,7\n12,Rene\u0301,8\n")

    assert {row.judge for row in inputs.marks} == {"René"}


def test_states_instead_of_marks_are_kept_as_words_and_blanks_as_blanks(folder: Path) -> None:
    inputs = read(HEADER + "11,A,Recused\n11,B,ABSENT\n11,C,\n11,D\n")

    assert [row.mark for row in inputs.marks] == ["recused", "absent", "", ""]


def test_entries_carry_names_order_and_facts_per_unit(folder: Path) -> None:
    inputs = read(
        HEADER + "11,A,7\n",
        entries="Bib,Name,Running order,Country,Run,Difficulty,State\n11,Åsa,3,SE,1,2.8,\n11,,,,2,3.1,DSQ\n",
    )

    assert inputs.entries == (Entry("11", "Åsa", 3, "SE", Where("entries.csv", 2, "Bib")),)
    assert [fact[:4] for fact in inputs.facts] == [
        ("11", "difficulty", "2.8", "1"),
        ("11", "state", "dq", "2"),
        ("11", "difficulty", "3.1", "2"),
    ]


def test_a_star_states_a_fact_of_all_entries(folder: Path) -> None:
    inputs = read(HEADER + "11,A,7\n", entries="entry,criterion,factor\n*,Skills,0.8\n")

    assert inputs.entries == ()
    assert inputs.facts == [FactRow("", "factor", "0.8", "", "Skills", "", Where("entries.csv", 2, "factor"))]


def test_judges_have_roles_and_groups(folder: Path) -> None:
    inputs = read(HEADER + "11,A,7\n", judges="judge,role,group\nA,Head,g1\nB,tie break,\nC,shadow,\nD,,\n")

    assert inputs.judges == (
        Judge("A", head=True, group="g1"),
        Judge("B", tie_break=True),
        Judge("C", shadow=True),
        Judge("D"),
    )


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-999, max_value=999)
NAMES = (
    st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=12)
    .map(lambda name: normalize("NFC", name))
    .filter(lambda name: name.isprintable() and isinstance(tidy(name, Limits()), str))
)


@given(
    rows=st.lists(st.tuples(NAMES, NAMES, NUMBERS), min_size=1, max_size=20, unique_by=lambda row: row[:2]),
    delimiter=st.sampled_from(",;\t"),
)
def test_what_a_spreadsheet_writes_as_csv_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, object]], delimiter: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "marks.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter).writerows([("entry", "judge", "mark"), *rows])

    inputs = read_inputs(Files(str(path)), FACTS)

    assert [row[:3] for row in inputs.marks] == [(entry, judge, f"{mark:f}") for entry, judge, mark in rows]


@given(st.binary(max_size=60), st.booleans())
@settings(deadline=None)  # the first workbook takes long, because its reader is imported for it
def test_any_bytes_are_read_or_refused_but_never_crash(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, headed: bool
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "marks.csv"
    path.write_bytes(HEADER.encode() + data if headed else data)

    with contextlib.suppress(BadInput):
        assert read_inputs(Files(str(path)), FACTS).marks


# What is refused, and in which words


def test_all_troubles_of_all_files_are_named_at_once(folder: Path) -> None:
    assert troubles(
        HEADER + "11,A,1,25\n,B,7\n12,A,eight\n12,,9\n",
        entries="entry,state,difficulty\n11,gone,2.8\n12,,2:8\n",
    ) == [
        (
            "marks.csv:2: 4 cells, but the header has 3; is there a decimal comma, or a name with a comma that needs "
            "quotes around it?"
        ),
        "marks.csv:3 (entry): no entry is named",
        "marks.csv:4 (mark): “eight” is not a number",
        "marks.csv:5 (judge): no judge is named, though others are",
        "entries.csv:2 (state): “gone” is no state; known are entered, withdrawn, scratched, dns, dnf, dq",
        "entries.csv:3 (difficulty): 2:8 has something after the number; write the number alone",
    ]


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("1,25", "1,25 has a decimal comma; if 1.25 is meant, write that"),
        ("0,125", "0,125 has a decimal comma; if 0.125 is meant, write that"),
        ("1,250", "1,250 has a comma; write 1.250 or 1250, whichever is meant"),
        ("1,234.5", "1,234.5 has thousands separators; if 1234.5 is meant, write that"),
        ("1.234,5", "1.234,5 has thousands separators and a decimal comma; write 1234.5"),
        ("1 234", "1 234 has thousands separators; write 1234.5"),
        ("1e1", "1e1 has an exponent; write the number out"),
        ("NaN", "NaN is not a finite number"),
        ("-Infinity", "-Infinity is not a finite number"),
        ("-.5", "-.5 has no digit before the point; if -0.5 is meant, write that"),
        ("9.", "9. ends without the digits after its point"),
        ("−2", "−2 has a dash instead of a minus sign; write it with -"),
        ("9.5 pts", "9.5 pts has something after the number; write the number alone"),
        ("९", "९ is written with other digits than 0 to 9"),
        ("0." + "3" * 40, "0.3333333333... has more than 30 digits"),
    ],
)
def test_a_number_that_could_be_misread_is_never_guessed(folder: Path, mark: str, told: str) -> None:
    assert troubles(f'{HEADER}11,A,"{mark}"\n') == [f"marks.csv:2 (mark): {told}"]


def test_a_duplicate_mark_names_both_lines(folder: Path) -> None:
    assert troubles("entry,judge,mark,part\n11,A,7,Waltz\n11,A,7,Tango\n11,A,8,Waltz\n") == [
        "marks.csv:4 (mark): duplicate mark: judge A has given a mark for entry 11 on Waltz in line 2 too"
    ]


def test_a_header_with_doubled_unknown_and_missing_columns_is_refused(folder: Path) -> None:
    assert troubles("entry,score,points,jugde,colour\n11,7,7,A,nice\n") == [
        "marks.csv:1 (points): “score” and “points” both mean mark; remove or rename one",
        (
            "marks.csv:1 (jugde): unknown column; is judge meant?; known are entry, judge, mark, part, criterion, "
            "category, note"
        ),
        "marks.csv:1 (colour): unknown column; known are entry, judge, mark, part, criterion, category, note",
        (
            "marks.csv:1: there is no column judge; the first line must name the columns: entry,judge,mark and those "
            "the rule set needs"
        ),
    ]


def test_marks_without_a_header_are_refused(folder: Path) -> None:
    assert troubles("11,A,7.5\n12,A,8\n") == [
        (
            "marks.csv:1: this file names no known column (11, A, 7.5); the first line must name the columns: "
            "entry,judge,mark and those the rule set needs"
        )
    ]


def test_a_column_per_judge_is_told_how_to_reshape(folder: Path) -> None:
    assert troubles("bib,Ann,Bo,Cy\n11,1,2,1\n") == [
        (
            "marks.csv:1: this file seems to have a column per judge (Ann, Bo, Cy); write one line per mark instead: "
            "entry,judge,mark and then, say, 11,Ann,7.5"
        )
    ]


def test_a_cell_without_heading_is_refused(folder: Path) -> None:
    assert troubles("entry,judge,mark,\n11,A,7,late\n") == ["marks.csv:2: cell 4 has no heading above it"]


def test_an_invisible_character_in_a_name_is_refused(folder: Path) -> None:
    assert troubles(HEADER + "11\u200b,A,7\n") == [
        "marks.csv:2 (entry): the name holds the invisible character U+200B; type it again"
    ]


def test_entries_that_contradict_themselves_are_refused(folder: Path) -> None:
    assert troubles(HEADER + "11,A,7\n", entries="entry,part,name,order\n11,1,Ann,2\n11,2,Anne,2.5\n") == [
        "entries.csv:3 (order): the running order is a whole number from 1, not 2.5",
        "entries.csv:3 (name): 11 has name Anne here and Ann in line 2",
    ]


def test_judges_named_twice_or_with_an_unknown_role_are_refused(folder: Path) -> None:
    assert troubles(HEADER + "11,A,7\n", judges="judge,role\nA,boss\nA,head\n") == [
        "judges.csv:2 (role): “boss” is no role; known are judge, head, tie-break, shadow",
        "judges.csv:3 (judge): A is named twice",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "marks.csv is empty; the first line must name the columns, for example: entry,judge,mark"),
        (b"\n \n", "marks.csv is empty; the first line must name the columns, for example: entry,judge,mark"),
        (HEADER.encode("utf-16")[:-1], "marks.csv begins as UTF-16 text but is cut off; save it as CSV in UTF-8"),
        (
            b"entry,judge,mark\n11,Ren\xe9,7\n",
            "marks.csv:2: this file is not UTF-8 text (byte 0xe9); save it as CSV in UTF-8",
        ),
        (b"entry,judge\n\0", "marks.csv:2: this file holds a null character and is no text; CSV and XLSX can be read"),
        (b'entry,judge,mark\n11,"A,7\n12,B,8\n', "marks.csv:2: this file holds a quoted cell that is never closed"),
        (
            b'entry,judge,mark\n11,"A"x,7\n',
            (
                "marks.csv:2: this file has something after a closing quote, perhaps a blank; inside a quoted cell, "
                "write a quote twice"
            ),
        ),
        (
            b"entry,judge,mark\n11,A," + b"7" * 3000,
            "marks.csv:2 (mark): the cell is longer than 2000 characters; is a closing quote missing?",
        ),
        (b"entry," + b"x," * 300, "marks.csv:1: this file has more than 200 columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(folder: Path, data: bytes, told: str) -> None:
    assert troubles(data) == [told]


def test_a_header_alone_holds_no_marks(folder: Path) -> None:
    assert troubles(HEADER) == ["marks.csv holds no marks below its header"]


def test_a_file_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(BadInput, match=r"^gone\.csv cannot be read: No such file or directory$"):
        read_inputs(Files("gone.csv"), FACTS)


def test_a_directory_is_refused(folder: Path) -> None:
    with pytest.raises(BadInput, match=r"^\. cannot be read: Is a directory$"):
        read_inputs(Files("."), FACTS)


def test_a_file_beyond_the_limit_is_refused_before_it_fills_the_memory(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_files, "LIMITS", Limits(data=1024 * 1024))

    assert troubles(HEADER + "11,A,7\n" * 200_000) == [
        "marks.csv is larger than 1 MB; split it, for example one file per contest"
    ]


def test_troubles_beyond_fifty_are_counted(folder: Path) -> None:
    told = troubles(HEADER + "".join(f"{bib},A,x\n" for bib in range(70)))

    assert len(told) == 51
    assert told[-1] == "and 20 more; mend these first"
