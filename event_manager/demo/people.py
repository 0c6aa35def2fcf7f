"""Who is in the demo. All of them are made up; they share one password, which the demo prints."""

from dataclasses import dataclass
from uuid import UUID

from event_manager.identity import service as identity
from event_manager.identity.models import User
from event_manager.identity.roles import PERMISSIONS, Role
from event_manager.kit.access import Actor, Grant, system_actor
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.tenancy import service as tenancy
from event_manager.tenancy.queries import find_tenant
from event_manager.tenancy.schemas import TenantCreate

PASSWORD = "curtain up at eight"  # noqa: S105 - a demo's password is printed for everybody to use
SLUG, NAME = "lakeside", "Lakeside Arts Festival"
SECOND_SLUG, SECOND_NAME = "harbour", "Harbour Youth Science Fair"
CAST: dict[str, tuple[str, Role]] = {
    "admin": ("Ines Castellan", "ADMIN"),
    "organizer": ("Noor Halvorsen", "ORGANIZER"),
    "tally": ("Piet Okonjo", "TALLY_MASTER"),
    "auditor": ("Maren Quist", "AUDITOR"),
    "board": ("Teodor Valk", "BOARD"),
    "judge1": ("Amara Lindqvist", "JUDGE"),
    "judge2": ("Bastian Oyelaran", "JUDGE"),
    "judge3": ("Chiara Novotny", "JUDGE"),
    "judge4": ("Dagny Ferreira", "JUDGE"),
    "judge5": ("Emeka Sorensen", "JUDGE"),
    "emcee": ("Fiona Albrecht", "EMCEE"),
}


@dataclass(frozen=True)
class Cast:
    """The demo's people by the first part of their address, and the tenant they are in."""

    tenant: UUID
    ids: dict[str, UUID]

    def actor(self, name: str) -> Actor:
        """Somebody of the cast as an actor with their role's rights."""
        title, role = CAST[name]
        return Actor("user", self.ids[name], name=title, grants=(Grant(PERMISSIONS[role], role=role),))

    def work(self, database: Database, name: str) -> Work:
        """A unit of work of somebody of the cast."""
        return Work(database, tenant_id=self.tenant, actor=self.actor(name), correlation_id="demo-set-up")


def address(name: str) -> str:
    """The mail address of somebody of the cast."""
    return f"{name}@{SLUG}.example"


async def exists(database: Database) -> bool:
    """Whether the demo has been set up already."""
    async with Work(database, role="platform") as work:
        return await find_tenant(work, SLUG) is not None


async def gather(database: Database) -> Cast:
    """Make both organisations and the cast; Ines is admin of both, so that she can switch."""
    actor = system_actor("demo")
    async with Work(database, role="platform", actor=actor, correlation_id="demo-set-up") as work:
        users = {name: await _user(work, name) for name in CAST}
        first = await tenancy.create_tenant(work, TenantCreate(slug=SLUG, name=NAME, timezone="Europe/Oslo"))
        second = await tenancy.create_tenant(work, TenantCreate(slug=SECOND_SLUG, name=SECOND_NAME))
        await work.commit()
    async with Work(database, role="platform", tenant_id=first.id, actor=actor, correlation_id="demo-set-up") as work:
        for name, user in users.items():
            await identity.add_member(work, user.id, [CAST[name][1]])
        await work.commit()
    async with Work(database, role="platform", tenant_id=second.id, actor=actor, correlation_id="demo-set-up") as work:
        await identity.add_member(work, users["admin"].id, ["ADMIN"])
        await work.commit()
    return Cast(first.id, {name: user.id for name, user in users.items()})


async def _user(work: Work, name: str) -> User:
    return await identity.create_user(work, address(name), CAST[name][0], PASSWORD)
