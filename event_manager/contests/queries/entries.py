"""Reads of participants, entries and rosters."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select

from event_manager.contests.models import Contest, ContestEntry, Participant
from event_manager.contests.names import fold
from event_manager.contests.queries.places import contest_visible
from event_manager.contests.schemas.entries import EntryView, ParticipantView, RosterEntry
from event_manager.kit.errors import Forbidden, NotFound
from event_manager.kit.paging import keyset
from event_manager.kit.work import Work

VIEW = """
SELECT e.id, e.contest_id, e.participant_id, p.name, p.kind, p.club, p.country, e.number, e.running_order, e.state,
       e.state_reason, e.facts, e.checked_in_at, e.version,
       ARRAY(SELECT c.category_id FROM category_entries c
              WHERE c.tenant_id = e.tenant_id AND c.contest_id = e.contest_id AND c.contest_entry_id = e.id
              ORDER BY c.category_id) AS category_ids
  FROM contest_entries e
  JOIN participants p ON p.tenant_id = e.tenant_id AND p.id = e.participant_id
 WHERE e.tenant_id = %s AND e.id = ANY(%s)
 ORDER BY array_position(%s, e.id)"""

ROSTER = """
SELECT c.id, e.id AS entry_id, p.id AS participant_id, p.name, p.kind, p.club, p.country, e.number,
       row_number() OVER (ORDER BY coalesce(c.running_order, e.running_order), e.id)::int AS position,
       CASE WHEN e.state <> 'entered' THEN e.state ELSE c.state END AS state,
       CASE WHEN e.state <> 'entered' THEN e.state_reason ELSE c.state_reason END AS state_reason,
       e.facts || c.facts AS facts, e.checked_in_at IS NOT NULL AS checked_in
  FROM category_entries c
  JOIN contest_entries e ON e.tenant_id = c.tenant_id AND e.id = c.contest_entry_id
  JOIN participants p ON p.tenant_id = e.tenant_id AND p.id = e.participant_id
 WHERE c.tenant_id = %s AND c.category_id = %s
 ORDER BY position"""

OF_CONTEST = """
SELECT id, number FROM contest_entries WHERE tenant_id = %s AND contest_id = %s ORDER BY running_order, id"""
OF_CATEGORY = """
SELECT e.id, e.number, c.id AS member_id FROM category_entries c
  JOIN contest_entries e ON e.tenant_id = c.tenant_id AND e.id = c.contest_entry_id
 WHERE c.tenant_id = %s AND c.category_id = %s ORDER BY coalesce(c.running_order, e.running_order), e.id"""


async def list_participants(
    work: Work, *, q: str = "", cursor: str | None, limit: int, archived: bool = False
) -> tuple[list[ParticipantView], str | None]:
    """Participants by name whose name, or a word of it, begins with ``q`` (without case and accents)."""
    query: Select[Any] = select(Participant).where(Participant.tenant_id == work.tenant)
    if not archived:
        query = query.where(Participant.archived_at.is_(None))
    if key := fold(q):
        begins = Participant.name_key.startswith(key, autoescape=True)
        query = query.where(or_(begins, Participant.name_key.contains(f" {key}", autoescape=True)))
    scopes = work.actor.scopes("entries:read")
    if scopes is not None:
        query = query.where(competes_in(scopes))
    rows, after = await keyset(work, query, [Participant.name_key, Participant.id], cursor=cursor, limit=limit)
    return [view_participant(work, row) for row in rows], after


def competes_in(scopes: frozenset[UUID]) -> ColumnElement[bool]:
    """Condition on a statement over Participant: entered in a contest in the scopes."""
    entered = (ContestEntry.tenant_id == Participant.tenant_id) & (ContestEntry.participant_id == Participant.id)
    where = (Contest.tenant_id == ContestEntry.tenant_id) & (Contest.id == ContestEntry.contest_id)
    return exists().where(entered, where, contest_visible(scopes)).correlate(Participant)


async def find_participant(work: Work, participant_id: UUID, permission: str) -> Participant:
    """A participant of the tenant that the actor may read or edit. Raises NotFound, Forbidden."""
    query = select(Participant).where(Participant.tenant_id == work.tenant, Participant.id == participant_id)
    participant = await work.session.scalar(query)
    if participant is None:
        raise NotFound("There is no such participant here.")
    scopes = work.actor.scopes(permission)
    if scopes is not None and await work.session.scalar(query.where(competes_in(scopes))) is None:
        raise Forbidden(f"This needs the permission '{permission}' here.")
    return participant


async def editable_participant(work: Work, participant_id: UUID) -> Participant:
    """One that the actor may change. Raises NotFound; Forbidden also where a change shows outside of its scopes."""
    participant = await find_participant(work, participant_id, "entries:edit")
    scopes = work.actor.scopes("entries:edit")
    if scopes is not None:
        elsewhere = (
            select(ContestEntry.id)
            .join(Contest, (Contest.tenant_id == ContestEntry.tenant_id) & (Contest.id == ContestEntry.contest_id))
            .where(ContestEntry.tenant_id == work.tenant, ContestEntry.participant_id == participant_id)
            .where(Contest.id.not_in(scopes), Contest.event_id.not_in(scopes))
        )
        if await work.session.scalar(elsewhere.limit(1)) is not None:
            raise Forbidden(
                f"'{participant.name}' also competes outside of your contests, where a change would show too: ask "
                "somebody who organises all of them."
            )
    return participant


def view_participant(work: Work, participant: Participant) -> ParticipantView:
    """As it goes over the wire; the address only for those who edit entries."""
    view = ParticipantView.model_validate(participant)
    return view if work.actor.can_somewhere("entries:edit") else view.model_copy(update={"email": None})


async def list_entries(
    work: Work,
    contest_id: UUID,
    *,
    cursor: str | None,
    limit: int,
    q: str = "",
    state: str | None = None,
    checked_in: bool | None = None,
) -> tuple[list[EntryView], str | None]:
    """Entries of a contest in running order; ``q`` is a number or the beginning of a name."""
    query: Select[Any] = select(ContestEntry).where(ContestEntry.tenant_id == work.tenant)
    query = query.where(ContestEntry.contest_id == contest_id)
    if state:
        query = query.where(ContestEntry.state == state)
    if checked_in is not None:
        there = ContestEntry.checked_in_at.is_not(None)
        query = query.where(there if checked_in else ~there)
    if key := fold(q):
        same = (Participant.tenant_id == ContestEntry.tenant_id) & (Participant.id == ContestEntry.participant_id)
        begins = Participant.name_key.startswith(key, autoescape=True)
        inside = Participant.name_key.contains(f" {key}", autoescape=True)
        named = exists().where(same, or_(begins, inside)).correlate(ContestEntry)
        query = query.where(or_(ContestEntry.number == q.strip(), named))
    columns = [ContestEntry.running_order, ContestEntry.id]
    rows, after = await keyset(work, query, columns, cursor=cursor, limit=limit)
    return await view_entries(work, [row.id for row in rows]), after


async def view_entries(work: Work, ids: Sequence[UUID]) -> list[EntryView]:
    """These entries with their participants and categories, in the order of the ids."""
    rows = await work.sql(VIEW, (work.tenant, list(ids), list(ids))) if ids else []
    return [EntryView.model_validate(row) for row in rows]


async def read_roster(work: Work, category_id: UUID) -> list[RosterEntry]:
    """Who competes in a category, in running order, whatever their state."""
    return [RosterEntry.model_validate(row) for row in await work.sql(ROSTER, (work.tenant, category_id))]
