"""What people are shown of scoring: sheets, progress, results; and the live stream that says when to look again."""

from decimal import Decimal
from uuid import UUID

import orjson
from fastapi import Request
from starlette.responses import StreamingResponse

from event_manager.contests.service import topic
from event_manager.kit import live
from event_manager.kit.db import Row
from event_manager.kit.errors import NotFound
from event_manager.kit.work import Work
from event_manager.scoring import queries, results
from event_manager.scoring.errors import NoRules, NoSeat
from event_manager.scoring.inputs import MARKING_ROLES, decimal_text
from event_manager.scoring.schemas import (
    CategoryRulesView,
    ContestRulesView,
    DecisionView,
    DeductionView,
    MarkHistory,
    MarkRevisionView,
    Progress,
    SeatProgress,
    Sheet,
    SheetCriterion,
    SheetEntry,
    SheetMark,
)
from event_manager.tabulation.rules import parse_rules

ENTRY_FIELDS = ("number", "name", "running_order", "state")


async def sheet(work: Work, category_id: UUID) -> Sheet:
    """The acting judge's sheet. Raises NotFound, NoSeat."""
    category = await queries.get_category(work, category_id)
    seat = await queries.own_seat(work, category_id)
    if seat is None:
        raise NoSeat("You have no active seat on the panel of this category.")
    rules = await queries.get_rules(work, category_id)
    recused = await queries.seat_recusals(work, category_id, seat["id"])
    entries = [
        SheetEntry.model_validate({**_pick(e, *ENTRY_FIELDS), "id": e["entry_id"], "recused": e["id"] in recused})
        for e in await queries.of_category(work, queries.ENTRIES, category_id)
    ]
    criteria = [_criterion(row) for row in await queries.of_category(work, queries.CRITERIA, category_id)]
    marks = [_mark(row) for row in await queries.seat_marks(work, category_id, seat["id"])]
    return Sheet(
        category_id=category_id,
        category_name=category["name"],
        contest_name=category["contest_name"],
        state=category["state"],
        locked=category["locked"],
        seat_id=seat["id"],
        seat_label=seat["label"],
        mark_kind=parse_rules(rules["document"]).marks.kind if rules else "score",
        parts=category["part_names"],
        criteria=criteria,
        entries=entries,
        marks=marks,
        next_entry_id=_next(entries, marks, len(criteria) * max(1, len(category["part_names"]))),
    )


def _next(entries: list[SheetEntry], marks: list[SheetMark], units: int) -> UUID | None:
    """The first entry in running order that still lacks one of its marks."""
    given: dict[UUID, int] = {}
    for mark in marks:
        if mark.value is not None:
            given[mark.entry_id] = given.get(mark.entry_id, 0) + 1
    open_ones = (e.id for e in entries if e.state == "entered" and not e.recused and given.get(e.id, 0) < units)
    return next(open_ones, None)


async def progress(work: Work, category_id: UUID) -> Progress:
    """Who has marked how much. Raises NotFound, Forbidden."""
    category = await queries.get_category(work, category_id)
    work.allow("progress:read", queries.path_of(category))
    units = max(1, len(category["part_names"])) * len(await queries.of_category(work, queries.CRITERIA, category_id))
    entered = [
        e["id"] for e in await queries.of_category(work, queries.ENTRIES, category_id) if e["state"] == "entered"
    ]
    recusals = {(r["seat"], r["entry"]) for r in await queries.of_category(work, queries.RECUSALS, category_id)}
    given = await queries.progress_counts(work, category_id)
    seats = []
    for seat in await queries.of_category(work, queries.SEATS, category_id):
        marks = seat["role"] in MARKING_ROLES and seat["state"] == "active"
        owed = units * sum((seat["id"], entry) not in recusals for entry in entered) if marks else 0
        seats.append(
            SeatProgress(
                seat_id=seat["id"], label=seat["label"], judge_name=seat["judge_name"], state=seat["state"],
                given=given.get(seat["id"], 0), owed=owed,
            )
        )  # fmt: skip
    return Progress(
        category_id=category_id,
        state=category["state"],
        seats=seats,
        given=sum(s.given for s in seats),
        owed=sum(s.owed for s in seats),
    )


async def history(work: Work, category_id: UUID, entry_id: UUID) -> MarkHistory:
    """Every value of an entry's marks, once judging is closed. Raises NotFound, Forbidden, NotJudgedYet."""
    category = await queries.get_category(work, category_id)
    work.allow("marks:read", queries.path_of(category))
    results.refuse_unjudged(category)
    entries = {row["entry_id"] for row in await queries.of_category(work, queries.ENTRIES, category_id)}
    if entry_id not in entries:
        raise NotFound("This entry is not in the category.")
    return _history(await queries.mark_history(work, category_id, entry_id))


async def own_history(work: Work, category_id: UUID, entry_id: UUID) -> MarkHistory:
    """Every value of the acting judge's own marks of an entry. Raises NotFound, NoSeat."""
    await queries.get_category(work, category_id)
    seat = await queries.own_seat(work, category_id)
    if seat is None:
        raise NoSeat("You have no active seat on the panel of this category.")
    return _history(await queries.mark_history(work, category_id, entry_id, seat["id"]))


async def category_rules(work: Work, category_id: UUID) -> CategoryRulesView:
    """A category's rule set. Raises NotFound, NoRules."""
    category = await queries.get_category(work, category_id)
    work.allow("rules:read", queries.path_of(category))
    chosen = await queries.get_rules(work, category_id)
    if chosen is None:
        raise NoRules("No rule set has been chosen for this category.")
    rules = parse_rules(chosen["document"])
    return CategoryRulesView(
        category_id=category_id,
        name=rules.name,
        version=rules.version,
        title=rules.title,
        source=rules.source,
        document=chosen["document"],
        frozen_at=chosen["frozen_at"],
    )


async def contest_rules(work: Work, contest_id: UUID) -> ContestRulesView:
    """How a contest's categories are combined. Raises NotFound."""
    categories = await queries.list_categories(work, contest_id)
    if not categories:
        raise NotFound("There is no such contest, or it has no category yet.")
    work.allow("rules:read", queries.path_of(categories[0])[:2])
    return ContestRulesView.model_validate({**await queries.contest_rules(work, contest_id), "contest_id": contest_id})


async def deductions(work: Work, category_id: UUID) -> list[DeductionView]:
    """A category's deductions. Raises NotFound, Forbidden."""
    category = await queries.get_category(work, category_id)
    work.allow("results:read", queries.path_of(category))
    rows = await queries.of_category(work, queries.DEDUCTIONS, category_id)
    return [DeductionView.model_validate({**_without(row, "version"), "points": _text(row["points"])}) for row in rows]


async def deduction(work: Work, category_id: UUID, deduction_id: UUID) -> DeductionView:
    """One deduction that has just been written."""
    rows = await queries.of_category(work, queries.DEDUCTIONS, category_id)
    row = next(row for row in rows if row["id"] == deduction_id)
    return DeductionView.model_validate({**_without(row, "version"), "points": _text(row["points"])})


async def decisions(work: Work, category_id: UUID) -> list[DecisionView]:
    """The chair's decisions. Raises NotFound, Forbidden."""
    category = await queries.get_category(work, category_id)
    work.allow("results:read", queries.path_of(category))
    return [DecisionView.model_validate(row) for row in await queries.of_category(work, queries.DECISIONS, category_id)]


def stream(work: Work, request: Request, category_id: UUID) -> StreamingResponse:
    """`changed` events with state and version only; whoever reads them asks again with their own rights."""

    async def look(again: Work) -> str:
        category = await queries.get_category(again, category_id)
        again.allow("progress:read", queries.path_of(category))
        return orjson.dumps({"state": category["state"], "version": queries.version_of(category)}).decode()

    return live.stream(work, request, topic(category_id), look)


def _criterion(row: Row) -> SheetCriterion:
    numbers = {name: decimal_text(row[name]) for name in ("min", "max", "step", "weight")}
    return SheetCriterion.model_validate({**_pick(row, "id", "key", "name"), **numbers})


def _mark(row: Row) -> SheetMark:
    return SheetMark.model_validate({**row, "value": _text(row["value"])})


def _history(rows: list[Row]) -> MarkHistory:
    return MarkHistory(items=[MarkRevisionView.model_validate({**row, "value": _text(row["value"])}) for row in rows])


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


def _pick(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}
