"""The command line of scoring: tabulate, verify-result and rules. Needs neither server nor database.

Everything heavy is imported where it is used, so that `--help` answers at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from event_manager.tabulation.engine import Result
    from event_manager.tabulation.model import Inputs
    from event_manager.tabulation.rules import RuleSet

commands = typer.Typer(no_args_is_help=True)
rules_commands = typer.Typer(no_args_is_help=True, help="The rule sets shipped, and checks for your own.")
commands.add_typer(rules_commands, name="rules")


class OutputFormat(StrEnum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


@commands.command("tabulate")
def tabulate_command(
    marks: Annotated[
        str, typer.Argument(metavar="MARKS", help="CSV or XLSX with one line per mark; - reads standard input.")
    ],
    rules: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="Name of a shipped rule set, or a JSON file of your own.")
    ],
    *,
    entries: Annotated[
        str | None, typer.Option(metavar="ENTRIES", help="CSV or XLSX with facts about the entries.")
    ] = None,
    judges: Annotated[
        str | None, typer.Option(metavar="JUDGES", help="CSV or XLSX with the panel: roles and groups.")
    ] = None,
    decisions: Annotated[
        str | None, typer.Option(metavar="DECISIONS", help="CSV, XLSX or JSON with the chair's decisions about ties.")
    ] = None,
    output_format: Annotated[OutputFormat, typer.Option("--format", help="How to write the result.")] = (
        OutputFormat.TABLE
    ),
    explain: Annotated[bool, typer.Option("--explain", help="Add the words for every place.")] = False,
    document: Annotated[
        Path | None, typer.Option(metavar="OUT.json", help="Also write the result document to this file.")
    ] = None,
) -> None:
    """Turn judges' marks into places."""
    if [marks, entries, judges, decisions].count("-") > 1:
        raise typer.BadParameter("standard input can be read only once; give the others as files")
    if document is not None and str(document) in (marks, rules, entries, judges, decisions):
        raise typer.BadParameter(f"{document} is read as input; write the result document to another file")
    with refusals_told():
        from event_manager.tabulation.document import to_document
        from event_manager.tabulation.files.json_files import find_rule_set
        from event_manager.tabulation.files.marks_file import Files, read_inputs
        from event_manager.tabulation.files.report import document_text, render
        from event_manager.tabulation.model import FACTS

        rule_set = find_rule_set(rules)
        known_facts = dict.fromkeys((*FACTS, *sorted(rule_set.facts_read)))
        inputs = read_inputs(Files(marks, entries, judges, decisions), list(known_facts))
        result = tabulate_file(marks, rule_set, inputs)
        text = render(result, output_format.value, explain=explain)
        if document is not None:
            write_file(document, document_text(to_document(result)))
    typer.echo(text, nl=False)


@commands.command("verify-result")
def verify_result(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A result document, as tabulate writes with --format json.")
    ],
) -> None:
    """Recompute a result document and say whether it holds, or what differs."""
    with refusals_told():
        from event_manager.tabulation.document import verify
        from event_manager.tabulation.files.json_files import read_json
        from event_manager.tabulation.model import ScoringError

        data = read_json(file)
        if not isinstance(data, dict):
            raise ScoringError(f"{file} is no result document; tabulate writes one with --format json")
        verdict = verify(data)
    if not verdict.holds:
        for fault in verdict.faults:
            typer.echo(f"{file}: {fault}", err=True)
        raise typer.Exit(1)
    typer.echo(f"OK: {file} is what its marks and its rule set give\nhash {data['hash']}")


@rules_commands.command("list")
def list_rules() -> None:
    """Name, title and source of every shipped rule set."""
    from event_manager.tabulation.files.text_table import format_table
    from event_manager.tabulation.library import load_rule_set, rule_set_names

    rows = [(name, rules.title, rules.source) for name in rule_set_names() for rules in [load_rule_set(name)]]
    for line in format_table(("Name", "Title", "Source"), rows, right=frozenset()):
        typer.echo(line)


@rules_commands.command("show")
def show_rules(name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="As for tabulate --rules.")]) -> None:
    """Print a rule set as JSON, to read or to start your own from."""
    with refusals_told():
        from event_manager.tabulation.files.json_files import find_rule_set

        rules = find_rule_set(name)
    typer.echo(rules.model_dump_json(by_alias=True, exclude_unset=True, indent=2))


@rules_commands.command("check")
def check_rules(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME|FILE]...", help="All shipped rule sets if left out.")
    ] = None,
) -> None:
    """Check rule sets: that they are well formed and reproduce their worked examples."""
    from event_manager.tabulation.files.json_files import find_rule_set
    from event_manager.tabulation.library import check_rule_set, rule_set_names
    from event_manager.tabulation.model import ScoringError

    failed = False
    for name in names or rule_set_names():
        try:
            outcomes = check_rule_set(find_rule_set(name))
        except ScoringError as error:
            faults = str(error).splitlines()
        else:
            faults = [f"{name}: {outcome.title}: {fault}" for outcome in outcomes for fault in outcome.faults]
        if faults:
            failed = True
            typer.echo("\n".join(faults), err=True)
        else:
            typer.echo(f"{name}: OK, {len(outcomes)} worked examples reproduced")
    if failed:
        raise typer.Exit(1)


def tabulate_file(marks: str, rules: "RuleSet", inputs: "Inputs") -> "Result":
    """The result; a refusal that is about no single line names the file of the marks."""
    from event_manager.tabulation.engine import tabulate
    from event_manager.tabulation.files.decisions_file import refuse_idle_decisions
    from event_manager.tabulation.files.sheet_files import called
    from event_manager.tabulation.model import BadInput

    try:
        result = tabulate(rules, inputs)
        refuse_idle_decisions(result)
    except BadInput as refusal:
        named = (t if t.where else t._replace(message=f"{called(marks)}: {t.message}") for t in refusal.troubles)
        raise BadInput(list(named)) from None
    return result


@contextmanager
def refusals_told() -> Iterator[None]:
    """Turns a refusal into its sentences on standard error and exit code 1."""
    from event_manager.tabulation.model import ScoringError

    try:
        yield
    except ScoringError as error:
        told = str(error).encode("utf-8", "backslashreplace").decode()  # a file's name need not be text
        typer.echo(told, err=True)
        raise typer.Exit(1) from None


def write_file(path: Path, text: str) -> None:
    """Writes a file of the user's naming. Raises ScoringError when it cannot be written."""
    from event_manager.tabulation.model import ScoringError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ScoringError(f"{path} cannot be written: {error.strerror or error}") from None
