"""API keys: a program's access to one tenant, shown once, kept as a hash."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from event_manager import eventlog
from event_manager.identity.authenticator import person
from event_manager.identity.errors import RankTooLow
from event_manager.identity.event_types import UserApiKeyCreated, UserApiKeyRevoked
from event_manager.identity.models import ApiKey
from event_manager.identity.queries_members import get_api_key
from event_manager.identity.roles import PERMISSIONS, Role, may_give
from event_manager.kit.crypto import new_token, token_hash
from event_manager.kit.errors import FieldError, Invalid
from event_manager.kit.work import Work

PREFIX = "emk_"
SHOWN = 12
"""Characters of a key that lists show, to tell keys apart."""


async def create_key(
    work: Work, name: str, *, role: Role, permissions: Sequence[str] | None, expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """Make a key with a role's permissions, or some of them; returns it with its secret.

    Raises PersonNeeded, RankTooLow, Invalid.
    """
    work.allow("api_keys:manage")
    made_by = person(work)
    if not may_give(work.actor, role):
        raise RankTooLow(f"You cannot make a key with the role {role}.")
    foreign = sorted(set(permissions or ()) - PERMISSIONS[role])
    if foreign:
        raise Invalid(
            f"The role {role} has no such permission: {', '.join(foreign)}.",
            errors=[FieldError("/permissions", f"not of {role}: {', '.join(foreign)}")],
        )
    if expires_at is not None and expires_at <= work.now():
        raise Invalid("A key must expire in the future.", errors=[FieldError("/expiresAt", "is in the past")])
    token = new_token(PREFIX)
    key = ApiKey(
        tenant_id=work.tenant, name=name, prefix=token[:SHOWN], token_hash=token_hash(token), role=role,
        permissions=sorted(set(permissions)) if permissions is not None else None, created_by=made_by,
        expires_at=expires_at,
    )  # fmt: skip
    work.session.add(key)
    await work.session.flush()
    await eventlog.append(work, UserApiKeyCreated(api_key_id=key.id, title=name, role=role))
    return key, token


async def revoke_key(work: Work, key_id: UUID) -> None:
    """End a key at once; one that has ended stays so. Raises NotFound."""
    work.allow("api_keys:manage")
    key = await get_api_key(work, key_id)
    if key.revoked_at is None:
        key.revoked_at = work.now()
        await work.session.flush()
        await eventlog.append(work, UserApiKeyRevoked(api_key_id=key_id))


async def revoke_keys_of(work: Work, user_id: UUID) -> None:
    """End all keys that a member made."""
    ended = await work.sql(
        """UPDATE api_keys SET revoked_at = %s WHERE tenant_id = %s AND created_by = %s AND revoked_at IS NULL
           RETURNING id""",
        (work.now(), work.tenant, user_id),
    )
    for row in ended:
        await eventlog.append(work, UserApiKeyRevoked(api_key_id=row["id"]))
