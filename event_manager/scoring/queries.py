"""Reads of scoring, by hand-written statements: rows as dictionaries, row security in force."""

from typing import Any
from uuid import UUID

from event_manager.kit.access import Path
from event_manager.kit.db import Row
from event_manager.kit.errors import NotFound
from event_manager.kit.work import Work

CATEGORY = """
    SELECT c.id, c.name, c.state, c.part_names, c.inputs_version, c.weight, c.contest_id, k.event_id,
           k.name AS contest_name, num_nonnulls(c.locked_at, k.locked_at, e.locked_at) > 0 AS locked,
           (SELECT coalesce(sum(s.marks_version), 0)::bigint FROM panel_seats s
             WHERE s.tenant_id = c.tenant_id AND s.category_id = c.id) AS marks_version,
           (SELECT coalesce(max(r.version), 0) FROM category_rules r
             WHERE r.tenant_id = c.tenant_id AND r.category_id = c.id) AS rules_version,
           (SELECT count(*) + coalesce(sum(d.version), 0) FROM deductions d
             WHERE d.tenant_id = c.tenant_id AND d.category_id = c.id)::bigint AS deductions_version,
           (SELECT count(*) FROM chair_decisions h
             WHERE h.tenant_id = c.tenant_id AND h.category_id = c.id) AS decisions_version
      FROM categories c
      JOIN contests k ON k.tenant_id = c.tenant_id AND k.id = c.contest_id
      JOIN events e ON e.tenant_id = k.tenant_id AND e.id = k.event_id
     WHERE c.tenant_id = %(tenant)s AND """
CRITERIA = """
    SELECT id, key, name, min, max, step, weight FROM criteria
     WHERE tenant_id = %(tenant)s AND category_id = %(category)s ORDER BY sort_order, id"""
ENTRIES = """
    SELECT ce.id, e.id AS entry_id, e.number, p.name, p.club, p.country,
           coalesce(ce.running_order, e.running_order) AS running_order,
           CASE WHEN ce.state <> 'entered' THEN ce.state ELSE e.state END AS state, e.facts || ce.facts AS facts
      FROM category_entries ce
      JOIN contest_entries e ON e.tenant_id = ce.tenant_id AND e.id = ce.contest_entry_id
      JOIN participants p ON p.tenant_id = e.tenant_id AND p.id = e.participant_id
     WHERE ce.tenant_id = %(tenant)s AND ce.category_id = %(category)s
     ORDER BY running_order, e.number, ce.id"""
SEATS = """
    SELECT s.id, s.label, s.role, s.group_label, s.state, s.user_id, coalesce(u.name, '') AS judge_name
      FROM panel_seats s LEFT JOIN users u ON u.id = s.user_id
     WHERE s.tenant_id = %(tenant)s AND s.category_id = %(category)s AND s.state <> 'replaced'
     ORDER BY s.label, s.id"""
MARKS = """
    SELECT category_entry_id AS entry, seat_id AS seat, criterion_id AS criterion, part, value, comment, revision
      FROM marks WHERE tenant_id = %(tenant)s AND category_id = %(category)s AND value IS NOT NULL"""
RECUSALS = """
    SELECT seat_id AS seat, category_entry_id AS entry FROM recusals
     WHERE tenant_id = %(tenant)s AND category_id = %(category)s"""
RULES = """
    SELECT name, document, frozen_at, version FROM category_rules
     WHERE tenant_id = %(tenant)s AND category_id = %(category)s"""
DEDUCTIONS = """
    SELECT d.id, d.category_id, ce.contest_entry_id AS entry_id, d.part, d.points, d.reason, d.requested_by,
           d.approved_by, d.created_at, d.version,
           CASE WHEN d.withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN d.approved_at IS NOT NULL THEN 'applied'
                ELSE 'requested' END AS state
      FROM deductions d JOIN category_entries ce ON ce.tenant_id = d.tenant_id AND ce.id = d.category_entry_id
     WHERE d.tenant_id = %(tenant)s AND d.category_id = %(category)s ORDER BY d.id"""
DECISIONS = """
    SELECT id, entry_ids, reason, decided_by_name, created_at FROM chair_decisions
     WHERE tenant_id = %(tenant)s AND category_id = %(category)s ORDER BY id"""


async def of_category(work: Work, query: str, category_id: UUID) -> list[Row]:
    """Run one of this module's statements for a category."""
    return await work.sql(query, {"tenant": work.tenant, "category": category_id})


async def get_category(work: Work, category_id: UUID) -> Row:
    """A category with its contest, lock and versions. Raises NotFound."""
    rows = await of_category(work, CATEGORY + "c.id = %(category)s", category_id)
    if not rows:
        raise NotFound("There is no such category.")
    return rows[0]


async def list_categories(work: Work, contest_id: UUID) -> list[Row]:
    """The categories of a contest in order."""
    return await work.sql(
        CATEGORY + "c.contest_id = %(contest)s ORDER BY c.sort_order, c.id",
        {"tenant": work.tenant, "contest": contest_id},
    )


def path_of(category: Row) -> Path:
    """The ids that scoped roles are checked against."""
    return (category["event_id"], category["contest_id"], category["id"])


def version_of(category: Row) -> str:
    """Names the state of what a category's readers look at; changes whenever any of it does."""
    names = ("inputs_version", "marks_version", "rules_version", "deductions_version", "decisions_version")
    return ".".join(str(category[name]) for name in names)


async def get_rules(work: Work, category_id: UUID) -> Row | None:
    """The rule set chosen for a category, if one was."""
    rows = await of_category(work, RULES, category_id)
    return rows[0] if rows else None


async def own_seat(work: Work, category_id: UUID) -> Row | None:
    """The acting judge's active seat."""
    if work.actor.user_id is None:
        return None
    rows = await work.sql(
        """SELECT id, label FROM panel_seats WHERE tenant_id = %s AND category_id = %s AND user_id = %s
              AND state = 'active'""",
        (work.tenant, category_id, work.actor.user_id),
    )
    return rows[0] if rows else None


async def seat_marks(work: Work, category_id: UUID, seat_id: UUID) -> list[Row]:
    """One seat's marks, taken-back ones included (their revision counts on)."""
    return await work.sql(
        """SELECT ce.contest_entry_id AS entry_id, m.criterion_id, m.part, m.value, m.comment, m.revision
             FROM marks m JOIN category_entries ce ON ce.tenant_id = m.tenant_id AND ce.id = m.category_entry_id
            WHERE m.tenant_id = %s AND m.category_id = %s AND m.seat_id = %s
            ORDER BY m.category_entry_id, m.criterion_id, m.part""",
        (work.tenant, category_id, seat_id),
    )


async def seat_recusals(work: Work, category_id: UUID, seat_id: UUID) -> frozenset[UUID]:
    """The entries one seat does not mark."""
    rows = await of_category(work, RECUSALS, category_id)
    return frozenset(row["entry"] for row in rows if row["seat"] == seat_id)


async def mark_history(work: Work, category_id: UUID, entry_id: UUID, seat_id: UUID | None = None) -> list[Row]:
    """Every value any mark of an entry ever had, oldest first; with ``seat_id`` those of one seat."""
    return await work.sql(
        """SELECT r.id, r.seat_id, s.label AS seat_label, r.criterion_id, c.name AS criterion_name, r.part, r.value,
                  r.comment, r.revision, r.user_id, coalesce(u.name, '') AS user_name, r.marked_at, r.created_at
             FROM mark_revisions r
             JOIN panel_seats s ON s.tenant_id = r.tenant_id AND s.id = r.seat_id
             JOIN criteria c ON c.tenant_id = r.tenant_id AND c.id = r.criterion_id
             JOIN category_entries ce ON ce.tenant_id = r.tenant_id AND ce.id = r.category_entry_id
             LEFT JOIN users u ON u.id = r.user_id
            WHERE r.tenant_id = %s AND r.category_id = %s AND ce.contest_entry_id = %s
              AND (%s::uuid IS NULL OR r.seat_id = %s)
            ORDER BY r.id""",
        (work.tenant, category_id, entry_id, seat_id, seat_id),
    )


async def progress_counts(work: Work, category_id: UUID) -> dict[UUID, int]:
    """How many marks each seat has given, of those that are owed (entered, not recused)."""
    rows = await work.sql(
        """SELECT m.seat_id, count(*)::int AS given FROM marks m
             JOIN category_entries ce ON ce.tenant_id = m.tenant_id AND ce.id = m.category_entry_id
             JOIN contest_entries e ON e.tenant_id = ce.tenant_id AND e.id = ce.contest_entry_id
            WHERE m.tenant_id = %s AND m.category_id = %s AND m.value IS NOT NULL
              AND ce.state = 'entered' AND e.state = 'entered'
              AND NOT EXISTS (SELECT 1 FROM recusals x WHERE x.tenant_id = m.tenant_id AND x.seat_id = m.seat_id
                                 AND x.category_entry_id = m.category_entry_id)
            GROUP BY m.seat_id""",
        (work.tenant, category_id),
    )
    return {row["seat_id"]: row["given"] for row in rows}


async def stored_result(work: Work, category_id: UUID) -> Row | None:
    """The latest computed result of a category."""
    rows = await work.sql(
        "SELECT inputs, document, hash, computed_at FROM category_results WHERE tenant_id = %s AND category_id = %s",
        (work.tenant, category_id),
    )
    return rows[0] if rows else None


async def result_state(work: Work, category_id: UUID) -> str:
    """Names the state of everything the category's result is made from; changes whenever any of it does."""
    [row] = await work.sql("SELECT scoring_result_state(%s, %s) AS state", (work.tenant, category_id))
    return str(row["state"])


async def kept_result(work: Work, category_id: UUID, known: str | None) -> Row:
    """Where a category stands and its result as it is kept, in one round trip. Raises NotFound."""
    rows = await work.single(
        "SELECT * FROM scoring_read_result(%s::uuid, %s::uuid, %s::text)", (work.tenant, category_id, known)
    )
    if not rows:
        raise NotFound("There is no such category.")
    return rows[0]


async def contest_rules(work: Work, contest_id: UUID) -> dict[str, Any]:
    """How a contest's categories make one result; the default is the weighted sum of their totals."""
    rows = await work.sql(
        "SELECT document FROM contest_rules WHERE tenant_id = %s AND contest_id = %s", (work.tenant, contest_id)
    )
    document: dict[str, Any] = rows[0]["document"] if rows else {"method": "weighted-sum"}
    return document


async def own_rule_sets(work: Work) -> list[Row]:
    """The newest version of each of the organisation's own rule sets, by name."""
    return await work.sql(
        """SELECT DISTINCT ON (name) id, name, version, title, document FROM rule_sets
            WHERE tenant_id = %s ORDER BY name, version DESC""",
        (work.tenant,),
    )
