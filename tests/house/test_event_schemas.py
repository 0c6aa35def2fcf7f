"""Event types against those of the last release (docs/reference/event-types.json): inside a version they only grow."""

import json
from datetime import UTC, datetime
from pathlib import Path

from typer.testing import CliRunner

from event_manager import __version__
from event_manager.app import event_types
from event_manager.cli import app
from event_manager.eventlog.compatibility import refusals

RELEASED = Path(__file__).parents[2] / "docs" / "reference" / "event-types.json"
KEPT = json.loads(RELEASED.read_text(encoding="utf-8"))


def test_no_type_breaks_the_receivers_of_the_last_release() -> None:
    assert refusals(KEPT["types"], event_types(), today=datetime.now(UTC).date()) == []


def test_types_that_the_last_release_had_not_say_so() -> None:
    known = {(each["name"], each["version"]) for each in KEPT["types"]}
    added = [each for each in event_types() if (each["name"], each["version"]) not in known]

    assert [each["name"] for each in added if each["since"] != __version__] == [], f"set added_in to {__version__}"


def test_the_command_checks_a_file_that_it_wrote(tmp_path: Path) -> None:
    file = tmp_path / "types.json"

    written = CliRunner().invoke(app, ["event-schemas", "--output", str(file)])
    checked = CliRunner().invoke(app, ["event-schemas", "--check", str(file)])

    assert (written.exit_code, checked.exit_code) == (0, 0)
    assert checked.output == f"All {len(event_types())} event types of {file} are as their receivers know them.\n"


def test_the_command_refuses_what_breaks_receivers_and_says_how_to_mend_it(tmp_path: Path) -> None:
    file = tmp_path / "types.json"
    [created] = [each for each in event_types() if each["name"] == "contest.created"]
    created["schema"]["properties"] |= {"name": created["schema"]["properties"].pop("title")}
    file.write_text(json.dumps({"types": [created]}), encoding="utf-8")

    checked = CliRunner().invoke(app, ["event-schemas", "--check", str(file)])

    assert checked.exit_code == 1
    mend = "Leave version 1 as it was and add version 2 as a class of its own."
    added = "is new and must be there, but entries written before lack it: give it a default"
    assert checked.output.splitlines() == [
        "event-manager: 2 changes of event types cannot be taken:",
        f"  contest.created version 1 breaks receivers: field 'name' was removed or renamed. {mend}",
        f"  contest.created version 1 breaks receivers: field 'title' {added}. {mend}",
    ]


def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    wrong, absent = tmp_path / "wrong.json", tmp_path / "absent.json"
    wrong.write_text("[]", encoding="utf-8")

    said = [CliRunner().invoke(app, ["event-schemas", "--check", str(file)]).output for file in (wrong, absent)]

    assert said == [
        f"event-manager: {wrong} is not a file that 'event-manager event-schemas' wrote.\n",
        f"event-manager: {absent} cannot be read: No such file or directory.\n",
    ]
