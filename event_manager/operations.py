"""Commands that run an installation: serve, worker, migrate, openapi, demo."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from event_manager.kit.commands import DataDir, plain_errors, read_settings
from event_manager.kit.setup import SetupError

if TYPE_CHECKING:
    from event_manager.kit.installation import Installation

commands = typer.Typer()
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on.")]
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


@commands.command()
def openapi(output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write.")] = None) -> None:
    """Print the OpenAPI document. Needs no database."""
    from event_manager.app import describe

    with plain_errors():
        text = json.dumps(describe(read_settings()), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        if output is None:
            sys.stdout.write(text)
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise SetupError(f"{output} cannot be written: {error.strerror}.") from None
