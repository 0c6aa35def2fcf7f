"""The rows of the handlers: lease and cursor, the window of entries to read next, failures. No policy in here.

Leases go by the database's clock, since processes may have different ones; times of retries by the work's.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from event_manager.eventlog.handling import Entry, Handler
from event_manager.eventlog.models import PLATFORM
from event_manager.eventlog.reading import BEGINNING, IN_ORDER, Position, newest, position_of
from event_manager.kit.db import Row
from event_manager.kit.work import Work

LEASE = timedelta(seconds=10)
WINDOW = 1000
RETRIES_AT_ONCE = 100

STATE = """
    SELECT h.epoch, c.xid::text::bigint AS xid, c.id, h.lease_by IS NOT DISTINCT FROM %(me)s AS mine,
           coalesce(h.lease_until > clock_timestamp(), false) AS leased,
           coalesce(h.lease_until > clock_timestamp() + %(lease)s::interval / 2, false) AS fresh,
           coalesce(h.held AND h.rebuild_until > clock_timestamp() AND h.rebuild_by <> %(me)s, false) AS held
      FROM event_handlers h JOIN event_cursors c ON c.tenant_id = %(nil)s AND c.name = 'handler.' || h.name
     WHERE h.name = %(name)s"""
REGISTER = "INSERT INTO event_handlers (name, mode) VALUES (%s, %s) ON CONFLICT DO NOTHING"
BEGIN = """
    INSERT INTO event_cursors (tenant_id, name, xid, id) VALUES (%s, 'handler.' || %s::text, %s::text::xid8, %s)
        ON CONFLICT DO NOTHING"""
TAKE = """
    UPDATE event_handlers SET lease_by = %(me)s, lease_until = clock_timestamp() + %(lease)s
     WHERE name = (SELECT name FROM event_handlers
                    WHERE name = %(name)s AND (lease_by = %(me)s OR coalesce(lease_until < clock_timestamp(), true))
                      FOR UPDATE SKIP LOCKED)
    RETURNING name"""
KEEP = """
    UPDATE event_handlers SET lease_until = clock_timestamp() + %(lease)s WHERE name = %(name)s AND lease_by = %(me)s"""
RELEASE = "UPDATE event_handlers SET lease_until = NULL WHERE name = %(name)s AND lease_by = %(me)s"
ADVANCE = """
    WITH held AS (UPDATE event_handlers SET lease_until = clock_timestamp() + %(lease)s
                   WHERE name = %(name)s AND lease_by = %(me)s AND epoch = %(epoch)s RETURNING name)
    UPDATE event_cursors c SET xid = %(xid)s::text::xid8, id = %(id)s, updated_at = now() FROM held
     WHERE c.tenant_id = %(nil)s AND c.name = 'handler.' || held.name
       AND (c.xid, c.id) < (%(xid)s::text::xid8, %(id)s)"""
ENTRY = """e.id, e.tenant_id, e.type, e.version, e.entity_type, e.entity_id, e.actor_kind, e.actor_id,
       e.correlation_id, e.at, e.xid::text::bigint AS xid"""
NEXT = f"""
    SELECT {ENTRY}, CASE WHEN %(all)s OR e.type ~ %(wanted)s THEN e.body END AS body FROM event_log e
     WHERE (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s) AND e.xid < event_log_horizon()
       AND (%(until)s::text IS NULL OR (e.xid, e.id) <= (%(until)s::text::xid8, %(until_id)s::uuid))
     ORDER BY e.xid, e.id LIMIT %(limit)s"""  # noqa: S608 - constants
DUE = f"""
    SELECT {ENTRY}, e.body, f.epoch, f.tries FROM event_handler_failures f JOIN event_log e ON e.id = f.event_id
     WHERE f.handler = %(name)s AND (f.epoch = %(epoch)s OR NOT %(ordered)s)
       AND (f.state = 'retrying' AND f.next_at <= %(now)s OR f.state = 'waiting')
       AND NOT (%(ordered)s AND EXISTS (
             SELECT 1 FROM event_handler_failures o
              WHERE o.handler = f.handler AND o.epoch = f.epoch AND o.tenant_id = f.tenant_id
                AND o.entity_id = f.entity_id AND o.state <> 'dead' AND (o.xid, o.event_id) < (f.xid, f.event_id)))
     ORDER BY f.next_at, f.xid, f.event_id LIMIT %(limit)s"""  # noqa: S608 - constants
RECORD = """
    INSERT INTO event_handler_failures AS f
           (tenant_id, handler, epoch, event_id, xid, type, entity_id, state, tries, next_at, error)
    VALUES (%s, %s, %s, %s, %s::text::xid8, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (tenant_id, handler, epoch, event_id) DO UPDATE
           SET state = excluded.state, tries = excluded.tries, next_at = excluded.next_at, error = excluded.error,
               updated_at = now()"""
NEW_EPOCH = "UPDATE event_handlers SET last_epoch = last_epoch + 1 WHERE name = %s RETURNING last_epoch"
DEAD = "SELECT count(*) AS n FROM event_handler_failures WHERE handler = %s AND epoch = %s AND state = 'dead'"
FAILS = "SELECT 1 FROM event_handler_failures WHERE handler = %s AND epoch = %s AND state = 'retrying' LIMIT 1"

_me: dict[int, UUID] = {}


def this_process() -> UUID:
    """What this process holds leases by; a forked one gets its own."""
    return _me.setdefault(os.getpid(), uuid4())


@dataclass(frozen=True, slots=True)
class Lead:
    """The right to follow the log for a handler, and where it stands."""

    epoch: int
    position: Position


@dataclass(frozen=True, slots=True)
class Due:
    """A failed entry whose turn has come, with the epoch that it failed in and the tries so far."""

    entry: Entry
    epoch: int
    tries: int


async def claim(work: Work, handler: Handler, me: UUID) -> Lead | None:
    """Take or keep the lease of a handler (platform work); None while another process, or a rebuild, has it."""
    given = {"name": handler.name, "me": me, "lease": LEASE, "nil": PLATFORM}
    state = await work.sql(STATE, given)
    if not state:
        await register(work, handler)
        state = await work.sql(STATE, given)
    [row] = state
    if row["held"]:
        if row["mine"]:
            await work.sql(RELEASE, given)
        return None
    if not (row["mine"] and row["fresh"]):
        if (row["leased"] and not row["mine"]) or not await work.sql(TAKE, given):
            return None
        [row] = await work.sql(STATE, given)  # whoever had it before may have moved the cursor meanwhile
    return Lead(row["epoch"], position_of(row))


async def register(work: Work, handler: Handler) -> None:
    """Have a handler's row and cursor: a projection begins with the oldest entry, an effect with the next one."""
    start = BEGINNING if handler.mode == "projection" else await newest(work)
    await work.sql(REGISTER, (handler.name, handler.mode))
    await work.sql(BEGIN, (PLATFORM, handler.name, start.xid, start.id))


async def keep(work: Work, name: str, me: UUID) -> None:
    """Renew the lease."""
    await work.sql(KEEP, {"name": name, "me": me, "lease": LEASE})


async def release(work: Work, name: str, me: UUID) -> None:
    """Give the lease back at once."""
    await work.sql(RELEASE, {"name": name, "me": me})


async def advance(work: Work, name: str, me: UUID, epoch: int, position: Position) -> None:
    """Move the cursor forward; without effect when the lease or the epoch is another's by now."""
    given = {"name": name, "me": me, "lease": LEASE, "nil": PLATFORM, "epoch": epoch}
    await work.sql(ADVANCE, {**given, "xid": position.xid, "id": position.id})


async def window(
    work: Work, handler: Handler, position: Position, limit: int = WINDOW, *, until: Position | None = None
) -> list[Row]:
    """The next entries of every log (platform work), not beyond ``until``; with ``body`` those that may be wanted.

    Bounded by entries read, not by entries wanted, so that a rare type never makes one statement read it all.
    """
    await work.sql(IN_ORDER)
    given = {"xid": position.xid, "id": position.id, "limit": limit, "until": until and str(until.xid)}
    given |= {"until_id": until and until.id, "all": "*" in handler.types, "wanted": as_regex(handler.types)}
    return await work.sql(NEXT, given)


def as_regex(patterns: Sequence[str]) -> str:
    """One regular expression for PostgreSQL of names and patterns."""
    parts = [f"{p[:-1]}.+" if p.endswith("*") else p for p in patterns]
    return "^(" + "|".join(part.replace(".", r"\.").replace(r"\.+", ".+") for part in parts) + ")$"


async def due(work: Work, handler: Handler, epoch: int, now: datetime) -> list[Due]:
    """Failed entries to be tried now (platform work): of a projection the earliest of each entity alone."""
    given = {"name": handler.name, "epoch": epoch, "now": now, "limit": RETRIES_AT_ONCE}
    rows = await work.sql(DUE, {**given, "ordered": handler.mode == "projection"})
    return [Due(Entry.of(row), row["epoch"], row["tries"]) for row in rows]


async def record(
    work: Work, handler: Handler, epoch: int, entry: Entry, *, state: str, tries: int, next_at: datetime, error: str
) -> None:
    """Write down that an entry is not done (platform work)."""
    key = (entry.tenant_id, handler.name, epoch, entry.id, entry.xid, entry.type, entry.entity_id)
    await work.sql(RECORD, (*key, state, tries, next_at, error))


async def fails_already(work: Work, handler: Handler, epoch: int) -> bool:
    """Whether other entries of the handler are being tried again."""
    return bool(await work.sql(FAILS, (handler.name, epoch)))


async def new_epoch(work: Work, name: str) -> int:
    """A number for a replay that no other has."""
    [row] = await work.sql(NEW_EPOCH, (name,))
    return int(row["last_epoch"])


async def count_dead(work: Work, name: str, epoch: int) -> int:
    """Dead letters of one epoch."""
    [row] = await work.sql(DEAD, (name, epoch))
    return int(row["n"])
