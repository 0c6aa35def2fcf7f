"""Writes what became of deliveries, many at a time: ends leave the queue, other tries stay in it with a later time.

A row that is no longer in the queue was cancelled or recorded by another: then nothing is written, so the same row
never ends twice. A failed try counts only if nobody else has tried in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from event_manager.kit.egress import Response
from event_manager.webhooks.dispatch import packing
from event_manager.webhooks.dispatch.waiting import Waiting

DETAILS = """status smallint, error text, ms real, dns real, connect real, tls real, first_byte real, ip text,
         request_headers text, response_head bytea, response_body bytea, truncated boolean"""
_NAMES = [part.split()[0] for part in DETAILS.split(",")]
_TYPES = [part.split()[1] for part in DETAILS.split(",")]
_UNNEST = ", ".join(f"%s::{kind}[]" for kind in _TYPES)
_GIVEN = ", ".join(_NAMES)
_SHOWN = """r.status, r.error, CASE WHEN r.request_headers <> '' THEN r.ms END AS ms,
           CASE WHEN r.first_byte > 0 THEN ARRAY[r.dns, r.connect, r.tls, r.first_byte] END AS timings,
           r.ip, r.request_headers, r.response_head, r.response_body, r.truncated"""
_WRITTEN = "status, error, ms, timings, ip, request_headers, response_head, response_body, truncated"

ENDED = f"""
    WITH gone AS (
      DELETE FROM webhook_queue q
       USING unnest(%s::uuid[], %s::uuid[], %s::text[], %s::smallint[], %s::timestamptz[], {_UNNEST})
             AS r (tenant_id, id, outcome, attempts, ended_at, {_GIVEN})
       WHERE q.tenant_id = r.tenant_id AND q.id = r.id
      RETURNING q.tenant_id, q.id, q.endpoint_id, q.event_id, q.event_type, q.replay_id, q.suffix, r.outcome,
                r.attempts, r.ended_at, {_SHOWN})
    INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix, outcome,
                                    attempts, ended_at, {_WRITTEN})
    SELECT tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix, outcome, attempts, ended_at, {_WRITTEN}
      FROM gone"""  # noqa: S608 - constants
AGAIN = f"""
    WITH later AS (
      UPDATE webhook_queue q
         SET attempts = q.attempts + 1, lane = 1,
             next_at = coalesce(r.at_latest, coalesce(%s::timestamptz, now()) + make_interval(secs => r.wait))
        FROM unnest(%s::uuid[], %s::uuid[], %s::smallint[], %s::float8[], %s::timestamptz[], %s::timestamptz[],
                    {_UNNEST}) AS r (tenant_id, id, attempts, wait, at_latest, at, {_GIVEN})
       WHERE q.tenant_id = r.tenant_id AND q.id = r.id AND q.attempts = r.attempts
      RETURNING q.tenant_id, q.id, q.attempts, r.at, {_SHOWN})
    INSERT INTO webhook_attempts (tenant_id, delivery_id, n, at, {_WRITTEN})
    SELECT tenant_id, id, attempts, at, {_WRITTEN} FROM later
        ON CONFLICT (tenant_id, delivery_id, n) DO NOTHING"""  # noqa: S608 - constants

TELLING, TELLING_AGAIN = " RETURNING id", " RETURNING delivery_id"
"""Ends `ENDED` and `AGAIN` where it is asked what was written."""
NOT_SENT = Response(None)


@dataclass(slots=True, eq=False)
class Ended:
    """A delivery of which no try is left, or that needs none. ``outcome``: succeeded or dead."""

    row: Waiting
    outcome: str
    attempts: int
    at: datetime
    error: str
    response: Response


@dataclass(slots=True, eq=False)
class Again:
    """A failed try; the next one after ``wait`` seconds, or at ``until`` where that is given."""

    row: Waiting
    wait: float
    at: datetime
    error: str
    response: Response
    until: datetime | None = None


def ended_values(results: Sequence[Ended]) -> list[Any]:
    """Parameters of `ENDED`: an array for each column."""
    return [
        packing.uuids([r.row.tenant_id for r in results]),
        packing.uuids([r.row.id for r in results]),
        packing.texts([r.outcome for r in results]),
        packing.smallints([r.attempts for r in results]),
        packing.times([r.at for r in results]),
        *_details(results),
    ]


def again_values(results: Sequence[Again], now: datetime | None) -> list[Any]:
    """Parameters of `AGAIN`; ``now``: None for the database's time."""
    return [
        now,
        packing.uuids([r.row.tenant_id for r in results]),
        packing.uuids([r.row.id for r in results]),
        packing.smallints([r.row.attempts for r in results]),
        packing.doubles([r.wait for r in results]),
        packing.times([r.until for r in results]),
        packing.times([r.at for r in results]),
        *_details(results),
    ]


def _details(results: Sequence[Ended] | Sequence[Again]) -> list[Any]:
    answers = [r.response for r in results]
    timings = [a.timings for a in answers]
    return [
        packing.smallints([a.status for a in answers]),
        packing.texts([r.error for r in results]),
        packing.reals([t.total for t in timings]),
        packing.reals([t.dns for t in timings]),
        packing.reals([t.connect for t in timings]),
        packing.reals([t.tls for t in timings]),
        packing.reals([t.first_byte for t in timings]),
        packing.texts([a.ip for a in answers]),
        packing.texts([r.row.shown for r in results]),
        packing.byteas([b"".join(a.head) if a.head else None for a in answers]),
        packing.byteas([a.body if a.head else None for a in answers]),
        packing.booleans([a.truncated for a in answers]),
    ]
