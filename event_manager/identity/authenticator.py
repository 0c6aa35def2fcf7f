"""Who a request comes from, and in which tenant: one statement, before the request's transaction begins."""

from uuid import UUID

from fastapi import Request

from event_manager.identity import cookies
from event_manager.identity.errors import PersonNeeded
from event_manager.identity.roles import PERMISSIONS, PLATFORM_PERMISSIONS, SUPER_ADMIN
from event_manager.kit.access import Actor, Grant
from event_manager.kit.crypto import token_hash
from event_manager.kit.db import Row
from event_manager.kit.work import Work

QUERY = "SELECT * FROM identity_authenticate(%s, %s, %s, %s)"


async def authenticate(request: Request) -> None:
    """Fill in actor and tenant of the request's work; a missing or bad credential leaves it anonymous.

    The tenant is named by path or host, else by X-Tenant-ID (id or short name), else chosen earlier. Naming one
    proves nothing: without an active membership there is no tenant and no right. Raises ForeignOrigin.
    """
    token, by_cookie = cookies.credential(request)
    if not token:
        return
    if by_cookie and request.method not in cookies.SAFE_METHODS:
        cookies.check_origin(request)
    work: Work = request.state.work
    slug, tenant_id = _wanted(request)
    for row in await work.single(QUERY, (token_hash(token), slug, tenant_id, work.now())):
        actor = _actor(row)
        work.identify(actor, row["tenant_id"])
        request.state.tenant_id = str(row["tenant_id"] or "")
        request.state.actor_id = str(actor.user_id or actor.api_key_id)


def person(work: Work) -> UUID:
    """The signed-in person's id. Raises PersonNeeded for an API key."""
    if work.actor.user_id is None:
        raise PersonNeeded("Sign in as a person to do this.")
    return work.actor.user_id


def grant_of(given: Row) -> Grant:
    """A role's permissions, given as {role, scopeId, permissions?}; of an API key perhaps some of them only."""
    held = PERMISSIONS[given["role"]]
    some = given.get("permissions")
    scope = given["scopeId"]
    return Grant(held if some is None else held & frozenset(some), UUID(scope) if scope else None, given["role"])


def _wanted(request: Request) -> tuple[str | None, UUID | None]:
    by_address: str | None = request.state.tenant_slug
    header = request.headers.get("x-tenant-id")
    if by_address or not header:
        return by_address, None
    try:
        return None, UUID(header)
    except ValueError:
        return header, None


def _actor(row: Row) -> Actor:
    grants = [grant_of(given) for given in row["grants"]]
    if row["platform_role"] == SUPER_ADMIN:
        grants.append(Grant(PLATFORM_PERMISSIONS, role=SUPER_ADMIN))
    return Actor(
        kind=row["kind"], user_id=row["user_id"], api_key_id=row["api_key_id"], session_id=row["session_id"],
        name=row["name"], grants=tuple(grants),
    )  # fmt: skip
