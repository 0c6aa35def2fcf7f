"""The named cast of all tests: two organisations and the people in them, each with a session that never ends.

Tenant A is Aurora Arts: Alice runs it, Oscar organises, Bea sits on the board, Tim tallies, Ada audits, Judith and Jo
judge, Emma presents, Cora competes. Tenant B is Borealis Band: Bob runs it, and has the same kinds of people. Sam is
super admin of the installation and member of nothing. Nobody ever belongs to both tenants.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from event_manager.identity import passwords
from event_manager.identity.models import Credentials, Session, User
from event_manager.identity.roles import PERMISSIONS, PLATFORM_PERMISSIONS, SUPER_ADMIN, Role
from event_manager.identity.schemas import RoleHeld
from event_manager.identity.service import add_member
from event_manager.kit.access import Actor, Grant
from event_manager.kit.clock import FixedClock
from event_manager.kit.crypto import token_hash
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.tenancy.schemas import TenantCreate
from event_manager.tenancy.service import create_tenant

PASSWORD = "a long walk by the sea 7"
NEVER = datetime(2999, 1, 1, tzinfo=UTC)
BEGINNING = datetime(2026, 5, 1, 11, 0, tzinfo=UTC)
TENANTS = {"aurora": "Aurora Arts", "borealis": "Borealis Band"}
A: dict[str, Role | None] = {
    "alice": "ADMIN", "oscar": "ORGANIZER", "bea": "BOARD", "tim": "TALLY_MASTER", "ada": "AUDITOR",
    "judith": "JUDGE", "jo": "JUDGE", "emma": "EMCEE", "cora": "CONTESTANT",
}  # fmt: skip
B: dict[str, Role | None] = {
    "bob": "ADMIN", "otto": "ORGANIZER", "ben": "BOARD", "tess": "TALLY_MASTER", "axel": "AUDITOR",
    "jana": "JUDGE", "juri": "JUDGE", "emil": "EMCEE", "carl": "CONTESTANT",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One of the cast. ``tenant_id`` is None for Sam."""

    id: UUID
    name: str
    email: str
    token: str
    actor: Actor
    tenant_id: UUID | None = None

    @property
    def bearer(self) -> dict[str, str]:
        """Headers of a request by this person."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def cookie(self) -> dict[str, str]:
        """Headers of a request by this person's browser, from the product's own page."""
        return {"Cookie": f"em_session={self.token}", "Origin": "http://test"}


@dataclass
class People:
    """The cast by first name: ``people["alice"]``; ``a`` and ``b`` are the ids of the two tenants."""

    a: UUID
    b: UUID
    cast: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.cast[name]


async def gather(database: Database) -> People:
    """Write tenants and cast to the database, for good."""
    hashed = await passwords.hash_password(PASSWORD)
    ids = []
    for slug, title in TENANTS.items():
        async with Work(database, role="platform", clock=FixedClock(BEGINNING)) as work:
            ids.append((await create_tenant(work, TenantCreate(slug=slug, name=title))).id)
            await work.commit()
    people = People(*ids)
    for tenant_id, roles in ((people.a, A), (people.b, B), (None, {"sam": None})):
        async with Work(database, role="platform", tenant_id=tenant_id, clock=FixedClock(BEGINNING)) as work:
            for name, role in roles.items():
                people.cast[name] = await _enter(work, name, role, hashed)
            await work.commit()
    return people


async def _enter(work: Work, name: str, role: Role | None, hashed: str) -> Person:
    """One account with password, session and role; written directly, since hashing twenty times would take a second."""
    user = User(email=f"{name}@example.org", name=name.title(), platform_role=None if role else SUPER_ADMIN)
    work.session.add(user)
    await work.session.flush()
    token = f"ems_{name}-of-the-cast-of-all-tests"
    session = Session(
        user_id=user.id, token_hash=token_hash(token), stage="full", last_used_at=NEVER, expires_at=NEVER,
        address="", user_agent="tests",
    )  # fmt: skip
    work.session.add_all([Credentials(user_id=user.id, password_hash=hashed), session])
    await work.session.flush()
    if role is not None:
        await add_member(work, user.id, [RoleHeld(role=role)])
    permissions = PERMISSIONS[role] if role else PLATFORM_PERMISSIONS
    actor = Actor(
        "user", user.id, session_id=session.id, name=user.name, grants=(Grant(permissions, role=role or SUPER_ADMIN),)
    )
    return Person(user.id, user.name, user.email, token, actor, work.tenant_id)
