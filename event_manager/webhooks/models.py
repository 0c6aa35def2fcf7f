"""Tables of webhooks: endpoints and their secrets, what waits to be delivered, what was delivered, replays.

A delivery waits in `Queued` and, once nothing more will be tried, is written once to `Delivery`; the two never hold
the same id. Whether a waiting delivery is held follows from its endpoint, not from a column of its own. What is hot
(queue, deliveries, attempts) has no foreign keys: checking one would lock the endpoint's row for each delivery.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.eventlog.models import Xid8
from event_manager.kit.census import census
from event_manager.kit.db import Base, TenantTable

LIVE, RETRY, REPLAY = 0, 1, 2
"""Lanes of the queue: first tries, further tries, replays."""
PARKED = datetime(9999, 1, 1, tzinfo=UTC)
"""``next_at`` of a delivery that is dead and, by its endpoint's choice, holds up what follows until somebody acts."""


class Endpoint(TenantTable, Base):
    """Where an organisation wants to be told, of what, and how.

    ``types``: patterns of event types; ``filter``: a content pattern (`filters`); ``transform``: a JMESPath
    expression or ``template``: the name of a chat tool's template (`transforms`), not both. ``credentials``: sealed
    JSON (`credentials`). ``delays``: seconds of an own retry schedule. ``health``: `health.to_json`, {} when new.
    It gets entries of the log after (``start_xid``, ``start_id``).
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint("kind IN ('http', 'feed', 'nats')", name="kind"),
        CheckConstraint(
            "format IN ('standard', 'cloudevents-structured', 'cloudevents-binary', 'thin')", name="format"
        ),
        CheckConstraint("ordering IN ('none', 'key', 'strict')", name="ordering"),
        CheckConstraint("transform IS NULL OR template IS NULL", name="shape"),
        Index("webhook_endpoints_name_key", "tenant_id", text("lower(name)"), unique=True),
        census(room="webhooks", purge_order=60),
    )

    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default=text("''"))
    kind: Mapped[str] = mapped_column(Text, server_default=text("'http'"))
    url: Mapped[str] = mapped_column(Text, server_default=text("''"))
    types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    filter: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    transform: Mapped[str | None] = mapped_column(Text)
    template: Mapped[str | None] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text, server_default=text("'standard'"))
    credentials: Mapped[bytes | None] = mapped_column(LargeBinary)
    delays: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    timeout_ms: Mapped[int] = mapped_column(Integer, server_default=text("15000"))
    rate_per_minute: Mapped[int | None] = mapped_column(Integer)
    max_in_flight: Mapped[int | None] = mapped_column(SmallInteger)
    ordering: Mapped[str] = mapped_column(Text, server_default=text("'none'"))
    blocks_on_dead: Mapped[bool] = mapped_column(server_default=text("false"))
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    disabled_reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    health: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    start_xid: Mapped[int] = mapped_column(Xid8)
    start_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Secret(TenantTable, Base):
    """A signing key of an endpoint, sealed; ``hint`` are its last four characters, ``public_key`` for v1a (whpk_).

    Used until ``expires_at``; a revoked secret is deleted.
    """

    __tablename__ = "webhook_secrets"
    __table_args__ = (
        CheckConstraint("scheme IN ('v1', 'v1a')", name="scheme"),
        ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"], ["webhook_endpoints.tenant_id", "webhook_endpoints.id"], ondelete="CASCADE"
        ),
        Index("webhook_secrets_endpoint_ix", "tenant_id", "endpoint_id"),
        census(room="webhooks", export=False, purge_order=61),
    )

    endpoint_id: Mapped[UUID]
    scheme: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    hint: Mapped[str] = mapped_column(Text)
    public_key: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None]


class Queued(Base):
    """A delivery to be tried at ``next_at``. ``attempts``: tries so far. ``ord_key``: what order is kept by.

    ``suffix`` ends the message id of a replay that is to look new (".r1"), else "".
    """

    __tablename__ = "webhook_queue"
    __table_args__ = (
        Index("webhook_queue_due_ix", "endpoint_id", "lane", "next_at", "id"),
        Index("webhook_queue_replay_ix", "replay_id", postgresql_where=text("replay_id IS NOT NULL")),
        {**census(room="webhooks", export=False, purge_order=63)},
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    endpoint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    event_type: Mapped[str] = mapped_column(Text)
    ord_key: Mapped[UUID]
    lane: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    next_at: Mapped[datetime]
    replay_id: Mapped[UUID | None]
    suffix: Mapped[str] = mapped_column(Text, server_default=text("''"))


class Delivery(Base):
    """A delivery that ended, with its last attempt; written once. ``ms``: whole time of that attempt.

    ``timings``: milliseconds until dns, connect, tls, first byte. ``request_headers``: as sent, secrets masked.
    Partitioned by week of its id.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "id", name="webhook_deliveries_pk"),
        CheckConstraint("outcome IN ('succeeded', 'dead', 'cancelled', 'skipped')", name="outcome"),
        Index("webhook_deliveries_endpoint_ix", "tenant_id", "endpoint_id", "id"),
        Index("webhook_deliveries_event_ix", "tenant_id", "event_id"),
        Index(
            "webhook_deliveries_dead_ix", "tenant_id", "endpoint_id", "id", postgresql_where=text("outcome = 'dead'")
        ),
        Index("webhook_deliveries_replay_ix", "tenant_id", "replay_id", postgresql_where=text("replay_id IS NOT NULL")),
        {
            **census(room="webhooks", export=False, append_only=True, purge_order=62),
            "postgresql_partition_by": "RANGE (id)",
        },
    )

    tenant_id: Mapped[UUID]
    id: Mapped[UUID]
    endpoint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    event_type: Mapped[str] = mapped_column(Text)
    replay_id: Mapped[UUID | None]
    suffix: Mapped[str] = mapped_column(Text, server_default=text("''"))
    outcome: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(SmallInteger)
    ended_at: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    error: Mapped[str] = mapped_column(Text, server_default=text("''"))
    ms: Mapped[float | None] = mapped_column(REAL)
    timings: Mapped[list[float] | None] = mapped_column(ARRAY(REAL))
    ip: Mapped[str] = mapped_column(Text, server_default=text("''"))
    request_headers: Mapped[str] = mapped_column(Text, server_default=text("''"))
    response_head: Mapped[bytes | None] = mapped_column(LargeBinary)
    response_body: Mapped[bytes | None] = mapped_column(LargeBinary)
    truncated: Mapped[bool] = mapped_column(server_default=text("false"))


class Attempt(Base):
    """A failed try that was not the last; columns as in `Delivery`. Partitioned by week of the delivery's id."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "delivery_id", "n", name="webhook_attempts_pk"),
        {
            **census(room="webhooks", export=False, append_only=True, purge_order=62),
            "postgresql_partition_by": "RANGE (delivery_id)",
        },
    )

    tenant_id: Mapped[UUID]
    delivery_id: Mapped[UUID]
    n: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    error: Mapped[str] = mapped_column(Text, server_default=text("''"))
    ms: Mapped[float | None] = mapped_column(REAL)
    timings: Mapped[list[float] | None] = mapped_column(ARRAY(REAL))
    ip: Mapped[str] = mapped_column(Text, server_default=text("''"))
    request_headers: Mapped[str] = mapped_column(Text, server_default=text("''"))
    response_head: Mapped[bytes | None] = mapped_column(LargeBinary)
    response_body: Mapped[bytes | None] = mapped_column(LargeBinary)
    truncated: Mapped[bool] = mapped_column(server_default=text("false"))


class Replay(TenantTable, Base):
    """Entries of the log delivered once more. ``selector``: which; ``xid``, ``entry_id``: how far it is.

    ``total`` was counted when it began, ``queued`` grows as it goes; it ends at (``until_xid``, ``until_id``).
    """

    __tablename__ = "webhook_replays"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'paused', 'cancelled', 'completed')", name="state"),
        census(room="webhooks", purge_order=61),
    )

    selector: Mapped[dict[str, Any]] = mapped_column(JSONB)
    as_new: Mapped[bool] = mapped_column(server_default=text("false"))
    rate_per_minute: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default=text("'running'"))
    total: Mapped[int] = mapped_column(Integer)
    queued: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    xid: Mapped[int | None] = mapped_column(Xid8)
    entry_id: Mapped[UUID | None]
    until_xid: Mapped[int | None] = mapped_column(Xid8)
    until_id: Mapped[UUID | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    ended_at: Mapped[datetime | None]
