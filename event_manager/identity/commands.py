"""The command line of identity: the first people of an installation, before anybody can invite anybody.

Everything heavy is imported where it is used, so that `--help` answers at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from event_manager.identity.models import User
    from event_manager.kit.db import Database
    from event_manager.kit.work import Work

commands = typer.Typer()
Email = Annotated[str, typer.Argument(help="E-mail address to sign in with.")]
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Folder of the embedded database and the key.")]
PasswordFile = Annotated[
    typer.FileText | None, typer.Option("--password-file", help="File with the password; - reads standard input.")
]


@commands.command("create-super-admin")
def create_super_admin_command(
    email: Email,
    name: Annotated[str, typer.Argument(help="The person's name.")],
    data_dir: DataDir = None,
    password_file: PasswordFile = None,
) -> None:
    """Make an account that works on the installation: its organisations, its recovery. It sees no tenant's data."""
    password = _password(password_file)
    _act(data_dir, lambda database: make_super_admin(database, email, name, password))


@commands.command("create-tenant")
def create_tenant_command(
    slug: Annotated[str, typer.Argument(help="Short name in addresses: lower-case letters, digits, dashes.")],
    title: Annotated[str, typer.Argument(help="Name of the organisation.")],
    admin: Annotated[str, typer.Option("--admin", help="E-mail address of its admin; a known one keeps its password.")],
    admin_name: Annotated[str, typer.Option("--admin-name", help="Name of a new admin.")] = "Admin",
    data_dir: DataDir = None,
    password_file: PasswordFile = None,
) -> None:
    """Set up an organisation with its first admin, who can then invite everybody else."""
    ask = partial(_password, password_file)
    _act(data_dir, lambda database: make_tenant(database, slug, title, admin=(admin, admin_name), ask=ask))


async def make_super_admin(database: "Database", email: str, name: str, password: str) -> str:
    """Make the account; returns what to tell. Raises EmailTaken, WeakPassword."""
    from event_manager.identity.service import create_super_admin

    async with _platform(database) as work:
        await create_super_admin(work, email, name, password)
        await work.commit()
    return f"{email} can sign in and works on the installation."


async def make_tenant(
    database: "Database", slug: str, title: str, *, admin: tuple[str, str], ask: Callable[[], str]
) -> str:
    """Make the organisation with its admin (address, name); returns what to tell. SlugTaken, WeakPassword ..."""
    from event_manager.identity.service import add_member
    from event_manager.tenancy.schemas import TenantCreate
    from event_manager.tenancy.service import create_tenant

    async with _platform(database) as work:
        tenant = await create_tenant(work, TenantCreate(slug=slug, name=title))
        user = await _known_or_new(work, *admin, ask=ask)
        work.tenant_id = tenant.id  # the platform role sees all tenants: one transaction, so no tenant without admin
        await add_member(work, user.id, ["ADMIN"])
        await work.commit()
    return f"{title} is set up; {user.email} is its admin."


async def _known_or_new(work: "Work", email: str, name: str, *, ask: Callable[[], str]) -> "User":
    from event_manager.identity.queries import find_user
    from event_manager.identity.service import create_user

    return await find_user(work, email) or await create_user(work, email, name, ask())


def _platform(database: "Database") -> "Work":
    from event_manager.kit.access import system_actor
    from event_manager.kit.work import Work

    return Work(database, role="platform", actor=system_actor("command line"), correlation_id="command-line")


def _password(file: typer.FileText | None) -> str:
    if file is not None:
        return file.read().rstrip("\n")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _act(data_dir: Path | None, act: Callable[["Database"], Awaitable[str]]) -> None:
    """Run on the installation's database; a refusal is one line and exit code 1."""
    from pydantic import ValidationError

    from event_manager.config import Settings
    from event_manager.kit.errors import Problem
    from event_manager.kit.installation import Installation
    from event_manager.kit.setup import SetupError

    settings = Settings() if data_dir is None else Settings().model_copy(update={"data_dir": data_dir})
    try:
        installation = Installation.prepare(settings)
        try:
            if installation.server is not None:
                installation.migrate()
            else:
                installation.check_migrated()
            typer.echo(asyncio.run(_on(installation.database(), act)))
        finally:
            installation.close()
    except (SetupError, Problem) as refusal:
        typer.echo(f"event-manager: {refusal}", err=True)
        raise typer.Exit(1) from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        typer.echo(f"event-manager: {faults}", err=True)
        raise typer.Exit(1) from None


async def _on(database: "Database", act: Callable[["Database"], Awaitable[str]]) -> str:
    await database.open()
    try:
        return await act(database)
    finally:
        await database.close()
