"""The command line: `event-manager COMMAND`. Each room brings its commands; nothing heavy is imported here."""

import io
import sys
from typing import Annotated

import typer

from event_manager import __version__
from event_manager.eventlog.commands import commands as eventlog_commands
from event_manager.identity.commands import commands as identity_commands
from event_manager.operations import commands as operations_commands
from event_manager.tabulation.commands import commands as scoring_commands
from event_manager.webhooks.commands import commands as webhooks_commands

app = typer.Typer(
    name="event-manager",
    help="Run judged contests from entry to a certified, published result.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(scoring_commands)
app.add_typer(operations_commands)
app.add_typer(identity_commands)
app.add_typer(eventlog_commands)
app.add_typer(webhooks_commands)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"Event Manager {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Run judged contests from entry to a certified, published result."""


def main() -> None:
    """Run the command named on the command line; exit code 1 for a refusal, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that claims ASCII still gets every name
            stream.reconfigure(encoding="utf-8")
    app()
