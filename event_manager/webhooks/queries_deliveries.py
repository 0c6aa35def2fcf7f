"""Reads of deliveries: what waits and what has ended as one list, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from event_manager.kit.db import Row
from event_manager.kit.work import Work
from event_manager.webhooks.errors import DeliveryNotFound
from event_manager.webhooks.models import PARKED
from event_manager.webhooks.schemas_deliveries import State

WAITING_STATES = ("waiting", "retrying")
QUEUED = """
    SELECT q.id, q.endpoint_id, q.event_id, q.event_type, q.suffix, q.replay_id, q.attempts, q.next_at,
           CASE WHEN q.attempts = 0 THEN 'waiting' ELSE 'retrying' END AS state,
           NULL::timestamptz AS ended_at, NULL::smallint AS status, '' AS error, NULL::real AS ms
      FROM webhook_queue q"""
ENDED = """
    SELECT d.id, d.endpoint_id, d.event_id, d.event_type, d.suffix, d.replay_id, d.attempts,
           NULL::timestamptz AS next_at, d.outcome AS state, d.ended_at, d.status, d.error, d.ms
      FROM webhook_deliveries d"""
LAST_TRY = """
    SELECT DISTINCT ON (delivery_id) delivery_id AS id, status, error, ms FROM webhook_attempts
     WHERE tenant_id = %s AND delivery_id = ANY (%s) ORDER BY delivery_id, n DESC"""
ENDPOINTS = """
    SELECT id, name, enabled, health ->> 'state' AS state FROM webhook_endpoints
     WHERE tenant_id = %s AND id = ANY (%s)"""
TRY = "n, at, status, error, ms, timings, ip, request_headers, response_head, response_body, truncated"
FAILED_TRIES = f"SELECT {TRY} FROM webhook_attempts WHERE tenant_id = %s AND delivery_id = %s ORDER BY n"  # noqa: S608
LAST = """
    SELECT attempts AS n, ended_at - make_interval(secs => coalesce(ms, 0) / 1000) AS at, status, error, ms, timings,
           ip, request_headers, response_head, response_body, truncated
      FROM webhook_deliveries
     WHERE tenant_id = %s AND id = %s AND outcome IN ('succeeded', 'dead') AND attempts > 0"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What deliveries must fit; None is anything."""

    endpoint_id: UUID | None = None
    state: State | None = None
    event_type: str | None = None
    event_id: UUID | None = None


async def list_deliveries(work: Work, wanted: Wanted, *, before: UUID | None = None, limit: int = 50) -> list[Row]:
    """Deliveries that fit, newest first, older than ``before``; columns of `QUEUED`, with those of `_completed`."""
    given: dict[str, Any] = {
        "tenant": work.tenant, "endpoint": wanted.endpoint_id, "type": wanted.event_type, "event": wanted.event_id,
        "before": before, "limit": limit, "state": wanted.state,
    }  # fmt: skip
    parts = [f"({select} {_where(wanted, alias, before)} ORDER BY {alias}.id DESC LIMIT %(limit)s)"
             for select, alias in _sources(wanted.state)]  # fmt: skip
    rows = await work.sql(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS found ORDER BY id DESC LIMIT %(limit)s",  # noqa: S608 - constants
        given,
    )
    return await _completed(work, rows)


async def get_delivery(work: Work, delivery_id: UUID) -> Row:
    """One delivery. Raises DeliveryNotFound."""
    given = (work.tenant, delivery_id, work.tenant, delivery_id)
    rows = await work.sql(
        f"{QUEUED} WHERE q.tenant_id = %s AND q.id = %s UNION ALL {ENDED} WHERE d.tenant_id = %s AND d.id = %s", given
    )
    if not rows:
        raise DeliveryNotFound("There is no such delivery, or it is older than deliveries are kept.")
    return (await _completed(work, rows[-1:]))[0]


async def tries_of(work: Work, delivery_id: UUID) -> list[Row]:
    """Every try of a delivery, the first one first."""
    failed = await work.sql(FAILED_TRIES, (work.tenant, delivery_id))
    return [*failed, *await work.sql(LAST, (work.tenant, delivery_id))]


def _sources(state: State | None) -> list[tuple[str, str]]:
    if state is None:
        return [(QUEUED, "q"), (ENDED, "d")]
    return [(QUEUED, "q")] if state in WAITING_STATES else [(ENDED, "d")]


def _where(wanted: Wanted, alias: str, before: UUID | None) -> str:
    conditions = [f"{alias}.tenant_id = %(tenant)s"]
    if wanted.endpoint_id is not None:
        conditions.append(f"{alias}.endpoint_id = %(endpoint)s")
    if wanted.event_type is not None:
        conditions.append(f"{alias}.event_type = %(type)s")
    if wanted.event_id is not None:
        conditions.append(f"{alias}.event_id = %(event)s")
    if before is not None:
        conditions.append(f"{alias}.id < %(before)s")
    match wanted.state:
        case None:
            pass
        case "waiting":
            conditions.append("q.attempts = 0")
        case "retrying":
            conditions.append("q.attempts > 0")
        case _:
            conditions.append("d.outcome = %(state)s")
    return "WHERE " + " AND ".join(conditions)


async def _completed(work: Work, rows: Sequence[Row]) -> list[Row]:
    """With the webhook's name, whether the delivery is held, and the last try of those that wait for another."""
    if not rows:
        return []
    found = await work.sql(ENDPOINTS, (work.tenant, list({row["endpoint_id"] for row in rows})))
    endpoints = {row["id"]: row for row in found}
    retrying = [row["id"] for row in rows if row["state"] == "retrying"]
    last = {row["id"]: row for row in await work.sql(LAST_TRY, (work.tenant, retrying))} if retrying else {}
    return [{**row, **last.get(row["id"], {}), **_of_endpoint(row, endpoints.get(row["endpoint_id"]))} for row in rows]


def _of_endpoint(row: Row, endpoint: Row | None) -> Row:
    waits = row["state"] in WAITING_STATES
    off = endpoint is not None and (not endpoint["enabled"] or endpoint["state"] in ("degraded", "paused"))
    parked = row["next_at"] is not None and row["next_at"] >= PARKED
    return {
        "webhook_name": endpoint["name"] if endpoint else None,
        "held": waits and off,
        "blocking": parked,
        "next_at": None if parked else row["next_at"],
    }
