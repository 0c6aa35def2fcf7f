"""The command line as its user sees it: what is printed, where, and with which exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from event_manager.cli import app
from event_manager.tabulation.document import hash_of

MARKS = """\
entry,judge,mark,criterion
11,A,7.5,Skill
11,B,8,Skill
12,A,8,Skill
12,B,7.5,Skill
14,A,6,Skill
14,B,6.25,Skill
"""
ENTRIES = """\
entry,name,state
11,Åsa Öst,
12,李小龍,
13,Zoë,dns
14,=Eve & <b>,
"""
RULES = """\
{"name": "show", "version": "1", "title": "Talent show", "source": "House rules.",
 "marks": {"max": "10", "step": "0.25"},
 "stages": [{"kind": "sum", "name": "judges", "over": "judge"}, {"kind": "sum", "name": "all", "over": "criterion"}],
 "cases": [{"title": "one", "marks": ["entry,judge,mark", "1,A,7"], "places": {"1": "1"}}]}
"""
TIE = "equal on the total; they share the place"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory worked in, with the marks and entries of a small contest."""
    monkeypatch.chdir(tmp_path)
    Path("marks.csv").write_text(MARKS)
    Path("entries.csv").write_text(ENTRIES)
    Path("show.json").write_text(RULES)
    return tmp_path


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=stdin, catch_exceptions=False)


def tabulated(*options: str) -> Result:
    return run("tabulate", "marks.csv", "--rules", "show.json", "--entries", "entries.csv", *options)


# tabulate


def test_the_table_shows_places_names_totals_states_and_ties() -> None:
    assert tabulated().stdout == (
        "Talent show (show, version 1)\n"
        "\n"
        "Place  Entry  Name        Total  State\n"
        "─────  ─────  ──────────  ─────  ─────\n"
        "    1  11     Åsa Öst      15.5\n"
        "    1  12     李小龍       15.5\n"
        "    3  14     =Eve & <b>  12.25\n"
        "    -  13     Zoë                dns\n"
        "\n"
        "Ties\n"
        "  11 (Åsa Öst) and 12 (李小龍): equal on the total; they share the place\n"
    )


def test_explain_adds_the_words_for_every_place() -> None:
    assert (
        "14 (=Eve & <b>): placed 3rd: total 12.25\n"
        "  judges of Skill: 6 (A), 6.25 (B); gives 12.25\n"
        "\n"
        "13 (Zoë): no place: 13 (Zoë) did not start\n"
    ) in tabulated("--explain").stdout


def test_names_stand_in_every_sentence_of_a_page_and_in_none_of_a_document() -> None:
    page = tabulated("--explain", "--format", "html").stdout
    document = json.loads(tabulated("--format", "json").stdout)

    assert "<li>placed 1st, shared with 12 (李小龍): total 15.5</li>" in page
    assert "<li>11 (Åsa Öst) and 12 (李小龍): equal on the total; they share the place</li>" in page
    assert "14 (=Eve & <b>)" not in page
    assert document["results"][0]["explanation"].startswith("placed 1st, shared with 12: total 15.5")


def test_a_name_that_would_make_two_entries_look_alike_is_left_out() -> None:
    Path("marks.csv").write_text("entry,judge,mark\n1,A,7\n1 (Ann),A,7\n")
    Path("entries.csv").write_text("entry,name\n1,Ann\n1 (Ann),\n")

    told = run("tabulate", "marks.csv", "--rules", "sum", "--entries", "entries.csv").stdout

    assert "\n  1 (Ann) and 1: equal on the total" in told


def test_json_holds_places_as_strings_and_what_recomputation_needs() -> None:
    result = tabulated("--format", "json")

    document = json.loads(result.stdout)
    assert result.stderr == ""
    assert list(document)[:4] == ["ruleSet", "results", "ties", "hash"]
    assert document["results"][2] == {
        "entry": "14",
        "place": "3",
        "total": "12.25",
        "parts": {"judges": {"Skill": "12.25"}, "all": "12.25"},
        "explanation": "placed 3rd: total 12.25\njudges of Skill: 6 (A), 6.25 (B); gives 12.25",
    }
    assert document["ties"] == [{"entries": ["11", "12"], "broken": False, "how": TIE}]
    assert document["ruleSet"]["name"] == "show"
    assert len(document["hash"]) == 64


def test_csv_runs_no_formula_in_a_spreadsheet() -> None:
    assert tabulated("--format", "csv").stdout == (
        "place,entry,name,total,state,award,judges: Skill,all\n"
        "1,11,Åsa Öst,15.5,entered,,15.5,15.5\n"
        "1,12,李小龍,15.5,entered,,15.5,15.5\n"
        "3,14,'=Eve & <b>,12.25,entered,,12.25,12.25\n"
        ",13,Zoë,,dns,,,\n"
    )


def test_the_page_escapes_names_and_asks_nobody_for_anything() -> None:
    page = tabulated("--format", "html", "--explain").stdout

    assert "<td><bdi>=Eve &amp; &lt;b&gt;</bdi></td>" in page
    assert "<li>placed 3rd: total 12.25</li>" in page
    assert '<th scope="row"><bdi>14</bdi></th>' in page
    assert "<b>" not in page
    assert "<script" not in page
    assert "http:" not in page
    assert "https:" not in page


def test_the_head_judge_of_a_judges_file_opens_a_tie() -> None:
    Path("judges.csv").write_text("judge,role\nA,\nB,head\n")
    Path("show.json").write_text(RULES.replace('"cases"', '"ties": [{"kind": "head-judge"}], "cases"'))

    result = tabulated("--judges", "judges.csv")

    assert [line.split()[:2] for line in result.stdout.splitlines()[4:6]] == [["1", "11"], ["2", "12"]]
    assert "11 (Åsa Öst) and 12 (李小龍): equal on the total; opened by head judge" in result.stdout


def test_marks_may_come_through_a_pipe() -> None:
    result = run("tabulate", "-", "--rules", "sum", stdin=MARKS)

    assert result.stdout.splitlines()[2:5:2] == ["Place  Entry  Total", "    1  11      15.5"]


def test_the_result_document_can_be_written_beside_the_table() -> None:
    result = tabulated("--document", "result.json")

    assert result.stdout.startswith("Talent show")
    assert run("verify-result", "result.json").exit_code == 0


def test_a_document_that_cannot_be_written_is_refused_before_anything_is_printed() -> None:
    result = tabulated("--document", "no/such/folder/result.json")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "no/such/folder/result.json cannot be written: No such file or directory\n"


def test_a_document_never_overwrites_the_input() -> None:
    result = tabulated("--document", "marks.csv")

    assert (result.exit_code, Path("marks.csv").read_text()) == (2, MARKS)


def test_bad_marks_are_told_on_standard_error_alone() -> None:
    Path("marks.csv").write_text(MARKS + '12,C,"1,25",Skill\n')

    result = tabulated("--format", "json")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "marks.csv:8 (mark): 1,25 has a decimal comma; if 1.25 is meant, write that\n"


def test_marks_that_do_not_fit_the_entries_are_refused_with_their_line() -> None:
    Path("marks.csv").write_text(MARKS + "99,A,7,Skill\n")

    result = tabulated()

    assert result.exit_code == 1
    assert result.stderr == "marks.csv:8 (mark): unknown entry 99\n"


def test_an_incomplete_panel_is_refused_naming_who_and_whom() -> None:
    Path("marks.csv").write_text(MARKS.replace("12,B,7.5,Skill\n", ""))

    result = tabulated()

    assert result.exit_code == 1
    assert result.stderr.startswith("marks.csv: ")
    assert "entry 12 has none by judge B for Skill" in result.stderr


def test_marks_out_of_range_and_off_step_are_refused_with_their_line() -> None:
    Path("marks.csv").write_text("entry,judge,mark\n11,A,10.25\n12,A,7.3\n")

    out_of_range, off_step = run("tabulate", "marks.csv", "--rules", "show.json").stderr.splitlines()

    assert out_of_range.startswith("marks.csv:2 (mark): mark 10.25 is out of range")
    assert off_step.startswith("marks.csv:3 (mark): mark 7.3 is off step")


def test_equal_places_by_one_judge_are_refused_in_a_final() -> None:
    Path("marks.csv").write_text("couple,judge,place\n11,A,1\n12,A,1\n11,B,1\n12,B,2\n")

    result = run("tabulate", "marks.csv", "--rules", "skating")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "judge A gave place 1 to entries 11 and 12" in result.stderr


def test_an_unknown_column_of_entries_is_refused_and_the_nearest_named() -> None:
    Path("entries.csv").write_text("entry,dificulty\n11,2\n")

    assert tabulated().stderr.startswith("entries.csv:1 (dificulty): unknown column; is difficulty meant?")


def test_standard_input_is_read_only_once() -> None:
    result = run("tabulate", "-", "--rules", "sum", "--entries", "-", stdin=MARKS)

    assert result.exit_code == 2
    assert "standard input can be read only once" in result.stderr


def test_wrong_usage_ends_with_two() -> None:
    assert run("tabulate", "marks.csv").exit_code == 2
    assert run("tabulate", "marks.csv", "--rules", "sum", "--format", "pdf").exit_code == 2
    assert run("tabulat").exit_code == 2


# verify-result


def test_a_result_document_verifies_and_says_so() -> None:
    Path("result.json").write_text(tabulated("--format", "json").stdout)

    result = run("verify-result", "result.json")

    assert result.exit_code == 0
    assert result.stdout.startswith("OK: result.json is what its marks and its rule set give\nhash ")


def test_a_changed_place_is_found_and_named() -> None:
    Path("result.json").write_text(tabulated("--format", "json").stdout.replace('"place": "3"', '"place": "2"'))

    result = run("verify-result", "result.json")

    assert (result.exit_code, result.stdout) == (1, "")
    assert 'results/2 (entry 14)/place: the file says "2", recomputed "3"' in result.stderr


def test_a_changed_mark_is_found_even_with_a_new_hash() -> None:
    document = json.loads(tabulated("--format", "json").stdout)
    document["inputs"]["marks"][0][2] = "9.5"
    Path("result.json").write_text(json.dumps(document | {"hash": hash_of(document)}))

    result = run("verify-result", "result.json")

    assert result.exit_code == 1
    assert 'results/0 (entry 11)/total: the file says "15.5", recomputed "17.5"' in result.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "result.json:1 (column 2): no JSON here: Expecting property name enclosed in double quotes"),
        ("[]", "result.json is no result document; tabulate writes one with --format json"),
        ('{"hash": 1, "hash": 2}', "result.json cannot be used: “hash” is there twice in one object"),
        ('{"hash": NaN}', "result.json cannot be used: NaN is not a number of JSON"),
        ("[" * 100_000, "result.json cannot be used: "),
    ],
)
def test_what_is_no_result_document_is_refused_in_one_sentence(content: str, told: str) -> None:
    Path("result.json").write_text(content)

    result = run("verify-result", "result.json")

    assert result.exit_code == 1
    assert result.stderr.startswith(told)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_document_is_refused_and_never_crashes(data: st.DataObject) -> None:
    document = json.loads(tabulated("--format", "json").stdout)
    holder = document
    while isinstance(holder, dict | list) and holder:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        chosen = data.draw(st.sampled_from(keys))
        if not isinstance(holder[chosen], dict | list) or data.draw(st.booleans()):
            break
        holder = holder[chosen]
    else:
        return
    replacement = data.draw(JSON.filter(lambda value: value != holder[chosen]))
    holder[chosen] = replacement
    Path("result.json").write_text(json.dumps(document | {"hash": hash_of(document)}))

    result = run("verify-result", "result.json")

    assert result.exit_code in (0, 1)
    assert bool(result.stdout) is not bool(result.stderr)


# rules


def test_every_shipped_rule_set_is_listed_with_its_title_and_source() -> None:
    lines = run("rules", "list").stdout.splitlines()

    assert lines[0].split() == ["Name", "Title", "Source"]
    assert any(line.startswith("sum") and "Sum of all marks" in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_a_shown_rule_set_can_be_used_as_a_file_with_the_same_result() -> None:
    Path("own.json").write_text(run("rules", "show", "skating").stdout)
    Path("marks.csv").write_text("couple,judge,place\n11,A,1\n12,A,2\n11,B,1\n12,B,2\n")

    own = run("tabulate", "marks.csv", "--rules", "own.json", "--format", "json").stdout

    assert own == run("tabulate", "marks.csv", "--rules", "skating", "--format", "json").stdout


def test_the_shipped_rule_sets_reproduce_their_worked_examples() -> None:
    result = run("rules", "check")

    assert (result.exit_code, result.stderr) == (0, "")
    assert any(line.startswith("sum: OK, ") for line in result.stdout.splitlines())


def test_a_rule_set_that_breaks_its_own_example_is_told() -> None:
    Path("show.json").write_text(RULES.replace('{"1": "1"}', '{"1": "4"}'))

    result = run("rules", "check", "sum", "show.json")

    assert (result.exit_code, result.stdout.split(":")[0]) == (1, "sum")
    assert result.stderr == "show.json: one: entry 1: place 1, expected 4\n"


def test_a_faulty_rule_file_is_refused_with_a_pointer_to_each_fault() -> None:
    Path("own.json").write_text('{"name": "Own", "version": "1", "title": "t", "source": "s", "stages": []}')

    result = run("tabulate", "marks.csv", "--rules", "own.json")

    assert (result.exit_code, result.stdout) == (1, "")
    assert [line.split(": ")[:2] for line in result.stderr.splitlines()] == [
        ["own.json", "/name"],
        ["own.json", "/stages"],
    ]


def test_an_unknown_rule_set_is_refused_and_the_nearest_named() -> None:
    Path("skatin").touch()

    result = run("tabulate", "marks.csv", "--rules", "skatin")

    assert result.exit_code == 1
    assert result.stderr == (
        "there is no rule set “skatin”; is skating meant?; for the file of that name write ./skatin; "
        "`event-manager rules list` names them all\n"
    )


# the program itself


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-m", "event_manager", *arguments],
        capture_output=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": root, "PATH": "/usr/bin:/bin", **environment},
    )


def test_the_program_needs_no_settings_and_prints_every_script_on_an_ascii_terminal() -> None:
    result = program("tabulate", "marks.csv", "--rules", "sum", "--entries", "entries.csv", LC_ALL="C", PYTHONUTF8="0")

    assert (result.returncode, result.stderr) == (0, b"")
    assert "李小龍" in result.stdout.decode()


def test_a_file_whose_name_is_no_text_is_refused_by_name() -> None:
    result = program("tabulate", "gone\udcff.csv", "--rules", "sum")

    assert (result.returncode, result.stderr) == (1, b"gone\\udcff.csv cannot be read: No such file or directory\n")


def test_a_reader_that_stops_reading_is_no_error() -> None:
    script = f'"{sys.executable}" -m event_manager rules list | head -n 1'
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/bin:/usr/bin"}

    result = subprocess.run(["/bin/sh", "-c", script], capture_output=True, timeout=60, check=True, env=environment)

    assert result.stderr == b""


def test_the_command_line_starts_without_the_engine_the_server_or_the_database() -> None:
    heavy = "{'sqlalchemy', 'psycopg', 'fastapi', 'openpyxl', 'event_manager.tabulation.engine'}"
    script = (
        f"import sys, event_manager.cli; sys.exit(str({heavy} & set(sys.modules)) if {heavy} & set(sys.modules) else 0)"
    )

    result = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)

    assert result.stderr == b""
