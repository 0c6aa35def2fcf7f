"""Many rows in one statement. The unit of work's own inserts go row by row here, since the database makes the ids."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from event_manager.contests.models import (
    Category,
    CategoryEntry,
    Contest,
    ContestEntry,
    Criterion,
    PanelSeat,
    Participant,
)
from event_manager.kit.work import Work

Table = Contest | Category | Criterion | ContestEntry | CategoryEntry | PanelSeat | Participant


async def insert_many(work: Work, table: type[Table], rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """Insert rows of column values into the tenant's table; answers their ids, ascending in the order given."""
    if not rows:
        return []
    made = await work.sql("SELECT uuidv7() AS id FROM generate_series(1, %s) ORDER BY 1", (len(rows),))
    ids = [row["id"] for row in made]
    values = [{"tenant_id": work.tenant, "id": id_, **row} for id_, row in zip(ids, rows, strict=True)]
    await work.session.execute(insert(table), values)
    return ids
