"""The log's own handler: how much happened on which day."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC
from typing import ClassVar

from event_manager.eventlog.handling import Entry, Projection, Shadow, registered
from event_manager.kit.work import Work

COUNT = """
    INSERT INTO {table} AS t (tenant_id, day, type, entries)
    SELECT %s, * FROM unnest(%s::date[], %s::text[], %s::bigint[])
        ON CONFLICT (tenant_id, day, type) DO UPDATE SET entries = t.entries + excluded.entries"""


@registered
class CountActivity(Projection):
    """Counts the entries of each log by day (UTC) and type, for its chart."""

    name: ClassVar[str] = "eventlog.count-activity"
    types: ClassVar[tuple[str, ...]] = ("*",)
    installation: ClassVar[bool] = True
    shadow: ClassVar[Shadow] = Shadow(
        "event_activity", "event_activity_shadow", key=("tenant_id", "day", "type"), values=("entries",)
    )

    async def handle(self, work: Work, entry: Entry) -> None:
        """Count one entry."""
        await self.handle_many(work, [entry])

    async def handle_many(self, work: Work, entries: Sequence[Entry]) -> None:
        """Count entries of one log in one statement, always in the same order of rows."""
        if not entries:
            return
        counted = sorted(Counter((entry.at.astimezone(UTC).date(), entry.type) for entry in entries).items())
        days, types, numbers = ([key[0] for key, _ in counted], [key[1] for key, _ in counted], [n for _, n in counted])
        await work.sql(COUNT.format(table=self.table), (entries[0].tenant_id, days, types, numbers))
