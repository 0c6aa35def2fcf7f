"""Ids made beforehand, so that many rows go to the database in one statement and keep their order."""

from uuid import UUID

from event_manager.kit.work import Work


async def new_ids(work: Work, count: int) -> list[UUID]:
    """As many fresh ids, ascending."""
    rows = await work.sql("SELECT uuidv7() AS id FROM generate_series(1, %s) ORDER BY 1", (count,)) if count else []
    return [row["id"] for row in rows]
