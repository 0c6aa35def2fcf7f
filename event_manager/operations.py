"""Commands that run an installation (serve, worker, migrate, demo, replay-handler) and describe it."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from event_manager.kit.commands import DataDir, plain_errors, read_settings
from event_manager.kit.setup import SetupError

if TYPE_CHECKING:
    from event_manager.kit.installation import Installation

commands = typer.Typer()
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="File to write.")]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on.")]


@commands.command()
def serve(
    port: Port = None,
    host: Host = None,
    data_dir: DataDir = None,
    with_worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Work off jobs here too.")] = True,
) -> None:
    """Serve the API and the web pages. With the embedded database the schema is brought up to date first."""
    from event_manager.kit.installation import Installation
    from event_manager.server import serve as run

    with plain_errors():
        installation = Installation.prepare(read_settings(port=port, host=host, data_dir=data_dir))
        try:
            _bring_up_to_date(installation)
            address = installation.settings.public_url()
            run(installation, worker=with_worker, ready=f"Event Manager listens on {address}")
        finally:
            installation.close()


@commands.command()
def worker(data_dir: DataDir = None) -> None:
    """Work off jobs (mails, schedules) until told to stop; any number of workers may run."""
    import uvloop

    from event_manager import __version__
    from event_manager.app import TASKS, beside
    from event_manager.kit import logs, tracing
    from event_manager.kit.installation import Installation
    from event_manager.kit.jobs.process import run_worker

    with plain_errors():
        settings = read_settings(data_dir=data_dir)
        logs.configure(settings.log_level, settings.log_format)
        tracing.start(__version__)
        installation = Installation.prepare(settings)
        try:
            _bring_up_to_date(installation)
            print(f"Working off jobs of {len(TASKS)} rooms; stop with Ctrl-C.", flush=True)  # a pipe gets it at once
            database = installation.database()
            others = beside(settings, database, secret_key=installation.secret_key)
            uvloop.run(run_worker(settings, database, beside=others))
        finally:
            tracing.stop()
            installation.close()


def _bring_up_to_date(installation: "Installation") -> None:
    if installation.server is not None:
        installation.migrate()
    else:
        installation.check_migrated()
    installation.check_roles()


@commands.command()
def demo(
    port: Port = None,
    host: Host = None,
    data_dir: DataDir = None,
    reset: Annotated[bool, typer.Option("--reset", help="Remove the demo's data first.")] = False,
) -> None:
    """Run the product with a demo organisation, on an embedded database of its own."""
    from event_manager.demo import run_demo
    from event_manager.kit.setup import home

    with plain_errors():
        chosen = read_settings(port=port, host=host, data_dir=data_dir or home() / "demo")
        run_demo(chosen.model_copy(update={"demo": True, "log_level": "WARNING"}), reset=reset)


@commands.command()
def migrate(data_dir: DataDir = None) -> None:
    """Create the database roles and bring the schema up to date. Safe to repeat."""
    from event_manager.kit.installation import Installation

    with plain_errors():
        installation = Installation.prepare(read_settings(data_dir=data_dir))
        try:
            installation.migrate()
        finally:
            installation.close()
        typer.echo("The database is up to date.")


@commands.command("replay-handler")
def replay_handler_command(
    name: Annotated[str, typer.Argument(help="Name of the handler, such as eventlog.count-activity.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    effect: Annotated[bool, typer.Option("--effect", help="It is an effect, and it is to happen again.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; stands in the log. An effect needs one.")] = "",
    tenant: Annotated[str | None, typer.Option("--tenant", help="Effects: entries of this organisation only.")] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Effects: entries of this type; repeatable.")
    ] = None,
    entity: Annotated[str | None, typer.Option("--entity", help="Effects: entries of the thing with this id.")] = None,
    start: Annotated[
        datetime | None, typer.Option("--from", help="Effects: entries not before this time (UTC).")
    ] = None,
    end: Annotated[datetime | None, typer.Option("--to", help="Effects: entries before this time (UTC).")] = None,
    data_dir: DataDir = None,
) -> None:
    """Build a projection anew and show what differs, or repeat an effect for chosen entries of the log.

    A running product may go on meanwhile. Exit code 1 when it is refused or an entry failed.
    """
    import asyncio

    import event_manager.app  # noqa: F401 - imports every room and with it every handler
    from event_manager.eventlog.handler_commands import replay, tell
    from event_manager.kit.installation import Installation

    with plain_errors():
        installation = Installation.prepare(read_settings(data_dir=data_dir))
        try:
            installation.check_migrated()
            told = asyncio.run(
                replay(
                    installation.database(), installation.settings, name, tenant=tenant, types=types or [],
                    entity=entity, start=start, end=end, effect=effect, reason=reason, dry_run=dry_run,
                )
            )  # fmt: skip
        finally:
            installation.close()
        typer.echo(tell(told))
        if told.failed:
            raise typer.Exit(1)


@commands.command()
def openapi(output: Output = None) -> None:
    """Print the OpenAPI document. Needs no database."""
    from event_manager.app import describe

    with plain_errors():
        _write(describe(read_settings()), output)


@commands.command()
def asyncapi(output: Output = None) -> None:
    """Print the AsyncAPI document: every event that webhooks can be told of. Needs no database."""
    from event_manager.app import describe_webhooks

    with plain_errors():
        _write(describe_webhooks(read_settings()), output)


@commands.command("event-schemas")
def event_schemas(
    output: Output = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="File of an earlier release: refuse what breaks its receivers.")
    ] = None,
) -> None:
    """Print every event type with the JSON Schema of its payload, or compare them with an earlier release.

    With --check the exit code is 1 when a type changed inside its version in a way that breaks receivers.
    """
    from datetime import UTC, datetime

    from event_manager import __version__
    from event_manager.app import event_types
    from event_manager.eventlog.compatibility import refusals

    with plain_errors():
        now = event_types()
        if check is None:
            _write({"release": __version__, "types": now}, output)
            return
        released = _read_types(check)
        found = refusals(released, now, today=datetime.now(UTC).date())
        if found:
            raise SetupError("\n  ".join((f"{len(found)} changes of event types cannot be taken:", *found)))
        typer.echo(f"All {len(released)} event types of {check} are as their receivers know them.")


def _read_types(path: Path) -> list[dict[str, Any]]:
    try:
        types: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["types"]
    except OSError as error:
        raise SetupError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise SetupError(f"{path} is not a file that 'event-manager event-schemas' wrote.") from None
    return types


def _write(document: dict[str, Any], output: Path | None) -> None:
    """JSON to a file or to standard output."""
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{output} cannot be written: {error.strerror}.") from None
