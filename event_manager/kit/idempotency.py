"""Idempotency keys: the answer to a write is stored in the write's own transaction and given again to a repeat.

A second request with the same key waits for the first (on an advisory lock) and then gets its answer; another body
under the same key is refused. Keys belong to one actor of one tenant and are kept for 24 hours. Nothing is written
before the answer: a request that reads for long must not have a transaction id all the while, since every reader of
the event log waits behind the oldest one.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request
from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column
from starlette.responses import Response

from event_manager.kit.answers import problem_response
from event_manager.kit.census import census
from event_manager.kit.db import Base
from event_manager.kit.errors import BadRequest, Conflict, Invalid
from event_manager.kit.work import Work

HEADERS = ("etag", "location", "content-type")
NO_TENANT = UUID(int=0)


class IdempotencyKeyReused(Invalid):
    """This idempotency key was used for another request."""


class ShownOnce(Conflict):
    """This was done already; its answer held a secret that is shown once."""


class IdempotencyKey(Base):
    """One answered write. ``tenant_id`` is the nil UUID for requests outside of a tenant."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (census(room="kit", export=False, purge_order=90),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int | None]
    headers: Mapped[str | None] = mapped_column(Text)
    body: Mapped[bytes | None]
    created_at: Mapped[datetime]


@dataclass(frozen=True)
class Claim:
    """A key held by this transaction, or the stored answer of an earlier one."""

    key: str
    tenant_id: UUID
    actor_id: UUID
    request_hash: bytes
    answer: Response | None = None


async def claim(work: Work, key: str, request: Request) -> Claim:
    """Take the key for this request. Raises BadRequest for a malformed key, IdempotencyKeyReused for another body."""
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise BadRequest("Idempotency-Key must be 1 to 255 printable ASCII characters, none of them a blank.")
    actor = work.actor.user_id or work.actor.api_key_id or NO_TENANT
    tenant = work.tenant_id or NO_TENANT
    digest = await _digest(request)
    await work.sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"idempotency {tenant} {actor} {key}",))
    rows = await work.sql(
        """SELECT request_hash, status, headers, body FROM idempotency_keys
            WHERE tenant_id = %s AND actor_id = %s AND key = %s""",
        (tenant, actor, key),
    )
    if not rows:
        return Claim(key, tenant, actor, digest)
    [row] = rows
    if bytes(row["request_hash"]) != digest:
        raise IdempotencyKeyReused("Use a new Idempotency-Key for a new request.")
    headers = dict(line.split(": ", 1) for line in (row["headers"] or "").splitlines())
    answer = Response(bytes(row["body"] or b""), status_code=row["status"], headers=headers)
    answer.headers["Idempotency-Replayed"] = "true"
    return Claim(key, tenant, actor, digest, answer)


async def remember(work: Work, held: Claim, response: Response) -> None:
    """Store the answer beside the effect; in place of one that must not be stored, that it was shown once."""
    if response.headers.get("cache-control") == "no-store":
        response = problem_response(ShownOnce(), instance="", correlation_id=work.correlation_id)
    headers = "\n".join(f"{name}: {response.headers[name]}" for name in HEADERS if name in response.headers)
    await work.sql(
        """INSERT INTO idempotency_keys (tenant_id, actor_id, key, request_hash, status, headers, body, created_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, now())""",
        (
            held.tenant_id, held.actor_id, held.key, held.request_hash, response.status_code, headers,
            bytes(response.body),
        ),
    )  # fmt: skip


async def _digest(request: Request) -> bytes:
    head = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(head + await request.body()).digest()
