"""Reads of panels: seats, recusals, hints of conflicts, and a judge's own seats."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from event_manager.contests.models import PanelSeat
from event_manager.contests.names import fold
from event_manager.contests.queries.places import Place, find_category
from event_manager.contests.schemas.panels import CategoryPanel, ConflictHint, MySeat, Panel, RecusalView, SeatView
from event_manager.kit.db import Row
from event_manager.kit.errors import NotFound
from event_manager.kit.work import Work

SEATS = """
SELECT s.id, s.category_id, s.user_id, u.name, s.label, s.role, s.group_label, s.state, s.state_reason, s.replaces_id,
       s.marks_version
  FROM panel_seats s JOIN users u ON u.id = s.user_id
 WHERE s.tenant_id = %s AND s.category_id = %s
 ORDER BY length(s.label), s.label, s.id"""

ASSIGNMENTS = """
SELECT c.id AS category_id, c.name, c.state, c.panel_frozen_at AS frozen_at,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', s.id, 'userId', s.user_id, 'name', u.name, 'label', s.label,
                                                     'role', s.role, 'state', s.state)
                                  ORDER BY length(s.label), s.label)
                   FROM panel_seats s JOIN users u ON u.id = s.user_id
                  WHERE s.tenant_id = c.tenant_id AND s.category_id = c.id AND s.state <> 'replaced'), '[]') AS seats
  FROM categories c
 WHERE c.tenant_id = %s AND c.contest_id = %s
 ORDER BY c.sort_order, c.id"""

RECUSALS = """
SELECT r.id, r.seat_id, c.contest_entry_id AS entry_id, r.category_entry_id, r.kind, r.reason, r.declared_by,
       r.created_at, s.user_id
  FROM recusals r
  JOIN category_entries c ON c.tenant_id = r.tenant_id AND c.id = r.category_entry_id
  JOIN panel_seats s ON s.tenant_id = r.tenant_id AND s.id = r.seat_id
 WHERE r.tenant_id = %s AND r.category_id = %s
 ORDER BY r.created_at, r.id"""

JUDGES = """
SELECT s.id AS seat_id, s.label, s.user_id, s.group_label, u.name, lower(u.email) AS email
  FROM panel_seats s JOIN users u ON u.id = s.user_id
 WHERE s.tenant_id = %s AND s.category_id = %s AND s.state <> 'replaced' ORDER BY length(s.label), s.label"""
COMPETITORS = """
SELECT c.id AS member_id, e.id AS entry_id, e.number, p.id AS participant_id, p.name, p.kind, p.club, p.country,
       lower(p.email) AS email
  FROM category_entries c
  JOIN contest_entries e ON e.tenant_id = c.tenant_id AND e.id = c.contest_entry_id
  JOIN participants p ON p.tenant_id = e.tenant_id AND p.id = e.participant_id
 WHERE c.tenant_id = %s AND c.category_id = %s ORDER BY coalesce(c.running_order, e.running_order), e.id"""
DECLARED = """
SELECT s.user_id, e.participant_id, s.id AS seat_id, r.category_id
  FROM recusals r
  JOIN panel_seats s ON s.tenant_id = r.tenant_id AND s.id = r.seat_id
  JOIN category_entries c ON c.tenant_id = r.tenant_id AND c.id = r.category_entry_id
  JOIN contest_entries e ON e.tenant_id = c.tenant_id AND e.id = c.contest_entry_id
 WHERE r.tenant_id = %(tenant)s
   AND s.user_id IN (SELECT user_id FROM panel_seats WHERE tenant_id = %(tenant)s AND category_id = %(category)s)"""

MINE = """
SELECT s.id AS seat_id, s.label, s.role, s.state AS seat_state, c.id AS category_id, c.name AS category_name, c.state,
       c.kind, c.part_names, k.id AS contest_id, k.name AS contest_name, e.id AS event_id, e.name AS event_name,
       e.starts_on, num_nonnulls(c.locked_at, k.locked_at, e.locked_at) > 0 AS locked,
       (SELECT count(*) FROM criteria x WHERE x.tenant_id = c.tenant_id AND x.category_id = c.id) AS criteria,
       (SELECT count(*) FROM category_entries x JOIN contest_entries y
                 ON y.tenant_id = x.tenant_id AND y.id = x.contest_entry_id
         WHERE x.tenant_id = c.tenant_id AND x.category_id = c.id AND x.state = 'entered' AND y.state = 'entered'
       ) AS entries,
       (SELECT count(*) FROM recusals x WHERE x.tenant_id = s.tenant_id AND x.seat_id = s.id) AS recused
  FROM panel_seats s
  JOIN categories c ON c.tenant_id = s.tenant_id AND c.id = s.category_id
  JOIN contests k ON k.tenant_id = c.tenant_id AND k.id = c.contest_id
  JOIN events e ON e.tenant_id = k.tenant_id AND e.id = k.event_id
 WHERE s.tenant_id = %s AND s.user_id = %s AND s.state <> 'replaced'
   AND k.status <> 'archived' AND e.status <> 'archived'
   AND NOT (c.is_template OR k.is_template OR e.is_template)
 ORDER BY c.state <> 'judging', c.state <> 'draft', e.starts_on DESC NULLS LAST, e.sort_order, k.sort_order,
          c.sort_order, c.id
 LIMIT 500"""


async def read_panel(work: Work, place: Place) -> Panel:
    """The seats of a category with their judges' names, by label."""
    rows = await work.sql(SEATS, (work.tenant, place.category.id))
    return Panel(frozen_at=place.category.panel_frozen_at, items=[SeatView.model_validate(row) for row in rows])


async def read_assignments(work: Work, place: Place) -> list[CategoryPanel]:
    """The panels of all categories of a contest, in their order."""
    rows = await work.sql(ASSIGNMENTS, (work.tenant, place.contest.id))
    return [CategoryPanel.model_validate(row) for row in rows]


async def find_seat(work: Work, seat_id: UUID) -> tuple[PanelSeat, Place]:
    """A seat of the tenant with its category, which is held against other changes. Raises NotFound."""
    query = select(PanelSeat).where(PanelSeat.tenant_id == work.tenant, PanelSeat.id == seat_id)
    seat = await work.session.scalar(query)
    if seat is None:
        raise NotFound("There is no such seat here.")
    return seat, await find_category(work, seat.category_id, hold=True)


async def read_recusals(work: Work, place: Place) -> list[RecusalView]:
    """Recusals of a category, oldest first; reasons only for those who edit panels and for the judge's own."""
    everything = work.actor.can("panels:edit", place.path)
    rows = await work.sql(RECUSALS, (work.tenant, place.category.id))
    for row in rows:
        own = row.pop("user_id") == work.actor.user_id
        row["reason"] = row["reason"] if everything or own else ""
    return [RecusalView.model_validate(row) for row in rows]


async def my_seats(work: Work) -> list[MySeat]:
    """Categories in which the actor has a seat: those being judged first, then drafts; at most 500."""
    if work.actor.user_id is None:
        return []
    return [MySeat.model_validate(row) for row in await work.sql(MINE, (work.tenant, work.actor.user_id))]


async def conflict_hints(work: Work, category_id: UUID) -> list[ConflictHint]:
    """Judges and entries that may be too close and have not been recused from each other; nothing more than hints."""
    judges = await work.sql(JUDGES, (work.tenant, category_id))
    entries = await work.sql(COMPETITORS, (work.tenant, category_id))
    declared = await work.sql(DECLARED, {"tenant": work.tenant, "category": category_id})
    here = {(row["user_id"], row["participant_id"]) for row in declared if row["category_id"] == category_id}
    before = {(row["user_id"], row["participant_id"]) for row in declared} - here
    return [
        ConflictHint(
            seat_id=judge["seat_id"], entry_id=entry["entry_id"], label=judge["label"], number=entry["number"], why=why
        )
        for judge in judges
        for entry in entries
        if (judge["user_id"], entry["participant_id"]) not in here
        for why in _closeness(judge, entry, before)
    ]


def _closeness(judge: Row, entry: Row, before: set[tuple[UUID, UUID]]) -> Iterator[str]:
    """Each reason to look twice at a judge and an entry."""
    if (judge["user_id"], entry["participant_id"]) in before:
        yield "stepped aside for this participant in another category"
    if judge["email"] == entry["email"]:
        yield "same e-mail address"
    group = fold(judge["group_label"])
    if group and group == fold(entry["club"]):
        yield "same club"
    if group and group == fold(entry["country"]):
        yield "same country"
    family = fold(judge["name"]).split()[-1:]
    if entry["kind"] == "person" and family and len(family[0]) > 2 and family == fold(entry["name"]).split()[-1:]:
        yield "same family name"
