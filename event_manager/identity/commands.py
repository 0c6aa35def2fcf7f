"""The command line of identity: the first people of an installation, before anybody can invite anybody.

Everything heavy is imported where it is used, so that `--help` answers at once.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from event_manager.kit.commands import DataDir, plain_errors, read_settings, refuse

if TYPE_CHECKING:
    from event_manager.config import Settings
    from event_manager.identity.models import User
    from event_manager.kit.db import Database
    from event_manager.kit.installation import Installation
    from event_manager.kit.work import Work


def _address(email: str) -> str:
    from event_manager.kit.mail import BadMail, check_address

    try:
        check_address(email)
    except BadMail as refusal:
        raise typer.BadParameter(str(refusal)) from None
    return email


def _slug(slug: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    from event_manager.tenancy.schemas import Slug

    try:
        TypeAdapter(Slug).validate_python(slug)
    except ValidationError:
        raise typer.BadParameter(
            f"{slug!r} cannot stand in addresses: use 2 to 63 lower-case letters, digits and dashes, "
            "a letter or digit first, such as aurora-arts."
        ) from None
    return slug


commands = typer.Typer()
Email = Annotated[str, typer.Argument(help="E-mail address to sign in with.", callback=_address)]
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
    _act(data_dir, lambda database, _: make_super_admin(database, email, name, password))


@commands.command("create-tenant")
def create_tenant_command(
    slug: Annotated[str, typer.Argument(help="Short name in addresses, such as aurora-arts.", callback=_slug)],
    title: Annotated[str, typer.Argument(help="Name of the organisation.")],
    admin: Annotated[
        str,
        typer.Option("--admin", callback=_address, help="E-mail address of its admin; a known one keeps its password."),
    ],
    admin_name: Annotated[str, typer.Option("--admin-name", help="Name of a new admin.")] = "Admin",
    data_dir: DataDir = None,
    password_file: PasswordFile = None,
) -> None:
    """Set up an organisation with its first admin, who can then invite everybody else."""
    ask = partial(_password, password_file)
    _act(data_dir, lambda database, _: make_tenant(database, slug, title, admin=(admin, admin_name), ask=ask))


@commands.command("reset-password")
def reset_password_command(
    email: Email,
    data_dir: DataDir = None,
    prompt: Annotated[bool, typer.Option("--prompt", help="Ask for the new password here, make no link.")] = False,
    password_file: PasswordFile = None,
) -> None:
    """Help somebody in who forgot the password and gets no mail: print a link that sets a new one, once.

    The lock-out is lifted; the sessions end with the new password. The second factor stays.
    """
    if prompt or password_file is not None:
        password = _password(password_file)
        _act(data_dir, lambda database, _: set_password(database, email, password))
    else:
        _act(data_dir, lambda database, settings: make_reset_link(database, email, settings.public_url()))


async def make_reset_link(database: "Database", email: str, public_url: str) -> str:
    """Make a link for the operator to hand over; returns what to tell. Raises NotFound, AccountDisabled."""
    from event_manager.identity.account import RESET_LIFETIME, RESET_PAGE, issue_reset_link

    async with _platform(database) as work:
        link = await issue_reset_link(work, email, page=f"{public_url}{RESET_PAGE}")
        await work.commit()
    minutes = RESET_LIFETIME.total_seconds() // 60
    return f"Whoever opens this link within {minutes:.0f} minutes sets the password of {email}, once:\n{link}"


async def set_password(database: "Database", email: str, password: str) -> str:
    """Set a password at once; returns what to tell. Raises NotFound, AccountDisabled, WeakPassword."""
    from event_manager.identity.account import replace_password

    async with _platform(database) as work:
        await replace_password(work, email, password)
        await work.commit()
    return f"{email} signs in with the new password from now on; all sessions have ended."


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
        try:
            return file.read().rstrip("\n")
        except UnicodeDecodeError:
            refuse(f"{file.name} holds no password: it is not text in UTF-8.")
    if not sys.stdin.isatty():
        refuse("There is no terminal to ask for the password: use --password-file FILE, or - for standard input.")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _act(data_dir: Path | None, act: Callable[["Database", "Settings"], Awaitable[str]]) -> None:
    """Run on the installation's database; a refusal is one line and exit code 1."""
    from pydantic import ValidationError

    from event_manager.kit.errors import Problem
    from event_manager.kit.installation import Installation

    with plain_errors():
        installation = Installation.prepare(read_settings(data_dir=data_dir))
        try:
            if installation.server is not None:
                installation.migrate()
            else:
                installation.check_migrated()
            typer.echo(asyncio.run(_on(installation, act)))
        except Problem as refusal:
            refuse(str(refusal))
        except ValidationError as error:
            refuse("; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()))
        finally:
            installation.close()


async def _on(installation: "Installation", act: Callable[["Database", "Settings"], Awaitable[str]]) -> str:
    database = installation.database()
    await database.open()
    try:
        return await act(database, installation.settings)
    finally:
        await database.close()
