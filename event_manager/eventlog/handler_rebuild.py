"""Building a projection anew: a copy grows in its side table, then the loops stand still, and the two are compared.

One rebuild of a handler at a time: a lease that is kept up while it lives. What a rebuild left behind by its lease
still writes is fenced off by a lock that the next one waits for.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from event_manager.eventlog import handler_store as store
from event_manager.eventlog.errors import NotReplayable, RebuildFailed
from event_manager.eventlog.handler_loop import platform_work, wanted
from event_manager.eventlog.handler_runs import LOCK, TOGETHER
from event_manager.eventlog.handling import Entry, Projection, Shadow
from event_manager.eventlog.models import PLATFORM
from event_manager.eventlog.reading import BEGINNING, Position, position_of
from event_manager.kit.access import system_actor
from event_manager.kit.jobs.runner import describe
from event_manager.kit.loops import Around
from event_manager.kit.work import Work

LEASE = timedelta(seconds=30)
MOST_SHOWN = 100
ALONE = "SELECT pg_advisory_xact_lock(hashtext('event handler'), hashtext(%s))"
TAKE = """
    UPDATE event_handlers SET rebuild_by = %(me)s, rebuild_until = clock_timestamp() + %(lease)s, held = false,
           last_epoch = last_epoch + 1
     WHERE name = %(name)s AND coalesce(rebuild_until < clock_timestamp(), true) RETURNING last_epoch"""
KEEP = """
    UPDATE event_handlers SET rebuild_until = clock_timestamp() + %(lease)s
     WHERE name = %(name)s AND rebuild_by = %(me)s"""
HOLD = "UPDATE event_handlers SET held = true WHERE name = %(name)s AND rebuild_by = %(me)s RETURNING name"
END = """
    UPDATE event_handlers SET rebuild_by = NULL, rebuild_until = NULL, held = false,
           lease_until = CASE WHEN lease_by = %(me)s THEN NULL ELSE lease_until END
     WHERE name = %(name)s AND rebuild_by = %(me)s RETURNING name"""
MINE = "SELECT 1 FROM event_handlers WHERE name = %(name)s AND rebuild_by = %(me)s"
POSITION = """
    SELECT xid::text::bigint AS xid, id FROM event_cursors WHERE tenant_id = %s AND name = 'handler.' || %s::text"""
NEW_EPOCH = """
    UPDATE event_handlers SET epoch = %(epoch)s WHERE name = %(name)s AND rebuild_by = %(me)s AND lease_by = %(me)s
       AND held RETURNING name"""
FORGET = "DELETE FROM event_handler_failures WHERE handler = %s AND epoch < %s"


@asynccontextmanager
async def exclusively(around: Around, handler: Projection, me: UUID) -> AsyncIterator[int]:
    """The one rebuild of a handler, with an empty side table; gives its epoch. Raises NotReplayable."""
    given = {"name": handler.name, "me": me, "lease": LEASE}
    async with platform_work(around) as work:
        await store.register(work, handler)
        await work.sql(ALONE, (handler.name,))
        taken = await work.sql(TAKE, given)
        if not taken:
            raise NotReplayable(f"'{handler.name}' is being built anew already; wait until that has ended.")
        await work.sql(f"DELETE FROM {handler.shadow.side}")  # noqa: S608 - a class names its table
        await work.commit()

    async def renew() -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            async with platform_work(around) as work:
                await work.sql(KEEP, given)
                await work.commit()

    renewing = asyncio.create_task(renew())
    try:
        yield taken[0]["last_epoch"]
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
        async with platform_work(around) as work:
            if await work.sql(END, given):
                await work.sql(f"DELETE FROM {handler.shadow.side}")  # noqa: S608 - a class names its table
            await work.commit()


async def hold(around: Around, handler: Projection, me: UUID) -> None:
    """Have the loops of all processes stand still, and take the lease once its present holder has ended its round."""
    async with platform_work(around) as work:
        await work.sql(HOLD, {"name": handler.name, "me": me})
        await work.commit()
    while True:
        async with platform_work(around) as work:
            lead = await store.claim(work, handler, me)
            await work.commit()
        if lead is not None:
            return
        await asyncio.sleep(0.05)


class Copy:
    """The growing copy: entries of each tenant in their order, into the side table."""

    def __init__(self, around: Around, handler: Projection, me: UUID) -> None:
        self._around, self._me = around, me
        self._into = type(handler)(rebuilding=True)
        self._position = BEGINNING
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None

    async def until(self, end: Position) -> int:
        """Go on to a position below the horizon, that included; returns how many entries that took.

        Raises RebuildFailed naming the entry that the handler cannot deal with.
        """
        count = 0
        while True:
            async with platform_work(self._around) as work:
                rows = await store.window(work, self._into, self._position, until=end)
            if not rows:
                return count
            entries = wanted(self._into, rows)
            by_tenant: defaultdict[UUID, list[Entry]] = defaultdict(list)
            for entry in entries:
                by_tenant[entry.tenant_id].append(entry)
            for own in by_tenant.values():
                for at in range(0, len(own), TOGETHER):
                    await self._add(own[at : at + TOGETHER])
            count += len(entries)
            if entries:
                self.first_at, self.last_at = self.first_at or entries[0].at, entries[-1].at
            self._position = position_of(rows[-1])

    async def _add(self, entries: Sequence[Entry]) -> None:
        first, name = entries[0], self._into.name
        actor = system_actor(name, self._into.permissions)
        async with Work(
            self._around.database, tenant_id=first.tenant_or_none, actor=actor, clock=self._around.clock,
            correlation_id=first.correlation_id,
        ) as work:  # fmt: skip
            await work.sql(LOCK, (name,))
            if not await work.sql(MINE, {"name": name, "me": self._me}):
                raise RebuildFailed(f"Another rebuild of '{name}' has taken over; nothing was changed by this one.")
            try:
                await self._into.handle_many(work, entries)
            except Exception as error:
                raise RebuildFailed(
                    f"'{name}' cannot deal with an entry from {first.id} to {entries[-1].id}: {describe(error)}."
                    " The projection is as it was."
                ) from error
            await work.commit()


async def live_position(work: Work, handler: Projection) -> Position:
    """Where the projection in use stands."""
    [row] = await work.sql(POSITION, (PLATFORM, handler.name))
    return position_of(row)


async def differences(work: Work, shadow: Shadow) -> tuple[int, list[dict[str, Any]]]:
    """Rows that the two tables do not have alike: how many, and the first of them as {key..., was, becomes}."""
    key = ", ".join(shadow.key)
    kept, made = (f"CASE WHEN {t} IS NOT NULL THEN ({_row(t, shadow)}) END" for t in ("o", "n"))
    differ = " OR ".join(f"o.{name} IS DISTINCT FROM n.{name}" for name in shadow.values)
    joined = f"{shadow.table} o FULL JOIN {shadow.side} n USING ({key})"
    missing = f"o.{shadow.key[0]} IS NULL OR n.{shadow.key[0]} IS NULL"
    rows = await work.sql(
        f"""SELECT {key}, {kept} AS was, {made} AS becomes, count(*) OVER () AS differing
              FROM {joined} WHERE {missing} OR {differ} ORDER BY {key} LIMIT %s""",  # noqa: S608 - a class names these
        (MOST_SHOWN,),
    )
    total = rows[0]["differing"] if rows else 0
    return total, [{name: value for name, value in row.items() if name != "differing"} for row in rows]


def _row(table: str, shadow: Shadow) -> str:
    return "jsonb_build_object(" + ", ".join(f"'{name}', {table}.{name}" for name in shadow.values) + ")"


async def swap(work: Work, handler: Projection, me: UUID, epoch: int) -> None:
    """Put the copy in the place of the old table, as epoch `epoch`; what the old one failed at is settled by it.

    Raises RebuildFailed when the lease was lost.
    """
    shadow, columns = handler.shadow, ", ".join((*handler.shadow.key, *handler.shadow.values))
    await work.sql(
        ALONE, (handler.name,)
    )  # whoever still writes by the old epoch ends first, and later ones see the new
    if not await work.sql(NEW_EPOCH, {"name": handler.name, "me": me, "epoch": epoch}):
        raise RebuildFailed(f"The rebuild of '{handler.name}' took too long and was given up; run it again.")
    await work.sql(f"DELETE FROM {shadow.table}")  # noqa: S608 - a class names its table
    await work.sql(f"INSERT INTO {shadow.table} ({columns}) SELECT {columns} FROM {shadow.side}")  # noqa: S608 - as above
    await work.sql(FORGET, (handler.name, epoch))
