"""Who goes when: as given, drawn, reversed, or by number; in a contest, or in one category."""

import hashlib
import secrets
from uuid import UUID

from event_manager import eventlog
from event_manager.contests.event_types import RunningOrderSet
from event_manager.contests.names import natural
from event_manager.contests.queries.entries import OF_CATEGORY, OF_CONTEST
from event_manager.contests.queries.places import editable_category, editable_contest
from event_manager.contests.schemas.entries import RunningOrder, RunningOrderView
from event_manager.contests.service import inputs, ordering, roster
from event_manager.kit.db import Row
from event_manager.kit.work import Work


async def order_contest(work: Work, contest_id: UUID, wanted: RunningOrder) -> RunningOrderView:
    """Set the running order of a contest's entries. Raises OrderIncomplete, Locked."""
    await editable_contest(work, contest_id, "entries:edit", hold=True)
    rows = await work.sql(OF_CONTEST, (work.tenant, contest_id))
    ids, seed = _arrange(rows, wanted)
    await ordering.write(work, "contest_entries", ids)
    return await _tell(work, contest_id, None, wanted.how, RunningOrderView(entry_ids=ids, seed=seed))


async def order_category(work: Work, category_id: UUID, wanted: RunningOrder) -> RunningOrderView:
    """Set the order of one category apart from the contest's. Raises OrderIncomplete, CategoryClosed, Locked."""
    place = await editable_category(work, category_id, "entries:edit", hold=True)
    roster.check_open(place.category, "its running order changes")
    rows = await work.sql(OF_CATEGORY, (work.tenant, category_id))
    ids, seed = _arrange(rows, wanted)
    members = {row["id"]: row["member_id"] for row in rows}
    await ordering.write(work, "category_entries", [members[id_] for id_ in ids])
    await inputs.bump(work, [category_id])
    return await _tell(work, place.contest.id, category_id, wanted.how, RunningOrderView(entry_ids=ids, seed=seed))


def draw_order(ids: list[UUID], seed: str) -> list[UUID]:
    """A draw that anybody can repeat: ids by the SHA-256 of "seed:id"."""
    return sorted(ids, key=lambda id_: hashlib.sha256(f"{seed}:{id_}".encode()).digest())


def _arrange(rows: list[Row], wanted: RunningOrder) -> tuple[list[UUID], str | None]:
    ids: list[UUID] = [row["id"] for row in rows]
    if wanted.how == "given":
        given = wanted.entry_ids or []
        ordering.check_complete(given, ids, "/entryIds")
        return given, None
    if wanted.how == "reverse":
        return ids[::-1], None
    if wanted.how == "number":
        worn = [row["id"] for row in sorted(rows, key=lambda row: natural(row["number"] or "")) if row["number"]]
        return worn + [row["id"] for row in rows if not row["number"]], None
    seed = wanted.seed or secrets.token_hex(8)
    return draw_order(ids, seed), seed


async def _tell(
    work: Work, contest_id: UUID, category_id: UUID | None, how: str, order: RunningOrderView
) -> RunningOrderView:
    await eventlog.append(
        work,
        RunningOrderSet(
            contest_id=contest_id, category_id=category_id, how=how, seed=order.seed, entry_ids=order.entry_ids
        ),
    )
    return order
