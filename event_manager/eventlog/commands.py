"""The command line of the log: verify it, and take its checkpoints out of the machine's reach.

Everything heavy is imported where it is used, so that `--help` answers at once.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from event_manager.kit.commands import DataDir, plain_errors, read_settings, refuse
from event_manager.kit.setup import SetupError

if TYPE_CHECKING:
    from uuid import UUID

    from event_manager.eventlog.checkpoints import Checkpoint, Signer
    from event_manager.eventlog.verifying import Report
    from event_manager.kit.db import Database
    from event_manager.kit.work import Work

commands = typer.Typer()
T = TypeVar("T")


@commands.command("verify-log")
def verify_log_command(
    tenant: Annotated[str | None, typer.Option("--tenant", help="Short name of the one organisation to check.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", help="File of export-checkpoints that the log must continue.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Recompute the sealed event log and name the first entry that was altered, removed, inserted or moved.

    Exit code 0 when all holds, 1 when something does not.
    """
    kept = _read(checkpoint) if checkpoint is not None else None
    results = _run(data_dir, lambda database, signer: verify_all(database, signer, only=tenant, kept=kept))
    if as_json:
        typer.echo(json.dumps([_as_json(name, report) for name, report in results], indent=1))
    else:
        typer.echo("\n".join(tell(name, report) for name, report in results) or "Nothing has been logged yet.")
    if any(report.faults for _, report in results):
        raise typer.Exit(1)


@commands.command("export-checkpoints")
def export_checkpoints_command(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; else standard output.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Print the newest signed checkpoint of each event log, to be kept where nobody of this machine can change it."""
    text = _run(data_dir, lambda database, _signer: export(database))
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse(f"{output} cannot be written: {error.strerror}.")


@commands.command("erase-person")
def erase_person_command(
    person: Annotated[str, typer.Argument(help="Id of the user, or of the contestant's entry.")],
    tenant: Annotated[
        str | None, typer.Option("--tenant", help="Short name of the one organisation; else all, and the installation.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make unreadable for good what the event logs say of a person: names, addresses, personal fields."""
    from uuid import UUID

    try:
        person_id = UUID(person)
    except ValueError:
        refuse(f"'{person}' is no id; it looks like 01a2083f-1234-7abc-8def-0123456789ab.")
    erased = _run(data_dir, lambda database, _signer: erase(database, person_id, only=tenant))
    typer.echo("\n".join(f"{name}: erased." for name in erased) or "No event log holds anything of this person.")


async def erase(database: "Database", person_id: "UUID", *, only: str | None = None) -> list[str]:
    """Erase a person in every log that has a key of theirs, or in the one of a tenant; returns the logs' names.

    Raises SetupError for a wrong name.
    """
    from event_manager.eventlog import exporting, persons, service

    async with _platform(database) as work:
        names = await exporting.names(work)
        logs = [log for log in await persons.logs_of(work, person_id) if only in (None, names.get(log))]
    if only is not None and only not in names.values():
        raise SetupError(f"There is no event log of '{only}'; there are: {', '.join(names.values()) or 'none'}.")
    for log in logs:
        async with _platform(database, log if log.int else None) as work:
            await service.erase_person(work, person_id)
            await work.commit()
    return [names.get(log, str(log)) for log in logs]


async def export(database: "Database") -> str:
    """The file of checkpoints."""
    from event_manager.eventlog.exporting import latest

    async with _platform(database) as work:
        return "\n".join(await latest(work))


async def verify_all(
    database: "Database", signer: "Signer", *, only: str | None = None, kept: str | None = None
) -> list[tuple[str, "Report"]]:
    """Check every log, or the one of a tenant; each with its name. Raises SetupError for a wrong name or file."""
    from event_manager.eventlog import exporting, verifying

    anchors = _anchors(signer, kept)
    async with _platform(database) as work:
        await verifying.begin(work)
        names = await exporting.names(work)
        if only is None:
            wanted = names | {tenant: f"tenant {tenant}" for tenant in anchors if tenant not in names}
        else:
            wanted = {tenant: name for tenant, name in names.items() if name == only}
            if not wanted:
                raise SetupError(
                    f"There is no event log of '{only}'; there are: {', '.join(names.values()) or 'none'}."
                )
        return [
            (name, await verifying.verify(work, signer, tenant, anchors.get(tenant, ())))
            for tenant, name in wanted.items()
        ]


def tell(name: str, report: "Report") -> str:
    """What a person reads about one log."""
    if report.faults:
        return "\n".join(f"{name}: FAILED: {fault}." for fault in report.faults)
    waiting = f"; {report.unsealed} are not sealed yet" if report.unsealed else ""
    if report.sealed_at is None:
        return f"{name}: nothing is sealed yet{waiting}."
    last = report.sealed_at.isoformat(timespec="seconds")
    gone = "".join(f"; {record}" for record in report.retired)
    return f"{name}: holds: {report.entries} entries under {report.seals} seals, the last of {last}{gone}{waiting}."


def _as_json(name: str, report: "Report") -> dict[str, object]:
    return {
        "log": name, "tenantId": str(report.tenant_id), "holds": not report.faults, "entries": report.entries,
        "seals": report.seals, "unsealed": report.unsealed,
        "sealedAt": report.sealed_at.isoformat() if report.sealed_at else None,
        "retired": [
            {"from": str(r.from_id), "to": str(r.to_id), "entries": r.entries, "at": r.at.isoformat()}
            for r in report.retired
        ],
        "faults": [
            {
                "kind": fault.kind, "message": str(fault), "position": fault.position, "type": fault.type,
                "entryId": str(fault.entry_id) if fault.entry_id else None,
                "at": fault.at.isoformat() if fault.at else None,
            }
            for fault in report.faults
        ],
    }  # fmt: skip


def _anchors(signer: "Signer", kept: str | None) -> "dict[UUID, list[Checkpoint]]":
    from event_manager.eventlog.checkpoints import BadCheckpoint
    from event_manager.eventlog.exporting import read

    try:
        return read(signer, kept) if kept is not None else {}
    except BadCheckpoint as error:
        raise SetupError(f"The file of checkpoints cannot be used: {error}.") from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{path} cannot be read: {error.strerror if isinstance(error, OSError) else 'it is no text'}.")


def _platform(database: "Database", tenant_id: "UUID | None" = None) -> "Work":
    from event_manager.kit.access import system_actor
    from event_manager.kit.work import Work

    return Work(
        database,
        tenant_id=tenant_id,
        role="platform",
        actor=system_actor("command line"),
        correlation_id="command-line",
    )


def _run(data_dir: Path | None, act: "Callable[[Database, Signer], Awaitable[T]]") -> T:
    """Run on the installation's database, with its signer; a refusal is one line and exit code 1."""
    from event_manager.eventlog.checkpoints import Signer
    from event_manager.kit.installation import Installation

    with plain_errors():
        installation = Installation.prepare(read_settings(data_dir=data_dir))
        try:
            installation.check_migrated()
            return asyncio.run(_on(installation.database(), Signer(installation.secret_key), act))
        finally:
            installation.close()


async def _on(database: "Database", signer: "Signer", act: "Callable[[Database, Signer], Awaitable[T]]") -> T:
    await database.open()
    try:
        return await act(database, signer)
    finally:
        await database.close()
