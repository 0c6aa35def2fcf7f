"""Results: computed from the rows whenever they have changed since, kept as a document that can be recomputed."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from event_manager.kit.access import Path
from event_manager.kit.db import Row
from event_manager.kit.errors import FieldError, NotFound
from event_manager.kit.work import Work
from event_manager.scoring import queries, shown
from event_manager.scoring.errors import CannotTabulate, NoRules, NotJudgedYet, PanelIncomplete
from event_manager.scoring.inputs import CategoryRows, inputs_of, labels, owed, rules_for
from event_manager.tabulation.document import Document, canonical_bytes, to_document
from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.model import Entry, FactRow, Inputs, MarkRow, ScoringError
from event_manager.tabulation.rules import RuleSet, parse_rules

WITH_RESULT = ("judged", "tallied", "audited", "approved", "published")
STORE = """
    INSERT INTO category_results (tenant_id, category_id, inputs, document, shown, hash, computed_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (tenant_id, category_id) DO UPDATE
       SET inputs = excluded.inputs, document = excluded.document, shown = excluded.shown, hash = excluded.hash,
           computed_at = excluded.computed_at"""


@dataclass(frozen=True)
class Computed:
    """A result as it stands, with the entries whose labels are in it."""

    document: Document
    hash: str
    entries: Sequence[Row]
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A result ready to be sent: JSON bytes of a `ResultView`, or None when the reader has this version of them."""

    version: str
    body: bytes | None


async def load_rows(work: Work, category: Row) -> CategoryRows:
    """Everything the result of a category is made from."""
    read = {
        name: await queries.of_category(work, query, category["id"])
        for name, query in (
            ("criteria", queries.CRITERIA), ("entries", queries.ENTRIES), ("seats", queries.SEATS),
            ("recusals", queries.RECUSALS), ("marks", queries.MARKS), ("deductions", queries.DEDUCTIONS),
            ("decisions", queries.DECISIONS),
        )
    }  # fmt: skip
    recusals = frozenset((row["seat"], row["entry"]) for row in read.pop("recusals"))
    return CategoryRows(parts=category["part_names"], recusals=recusals, **read)


def refuse_incomplete(rows: CategoryRows) -> None:
    """Raise PanelIncomplete naming every seat that still owes marks."""
    behind = [o for o in owed(rows) if o.missing]
    if behind:
        errors = [FieldError(f"/seats/{o.seat['label']}", f"{o.missing} of {o.total} marks missing") for o in behind]
        names = ", ".join(f"{o.seat['label']} ({o.missing})" for o in behind)
        raise PanelIncomplete(
            f"Marks are missing from {names}. A missing mark is never counted as zero: wait for it, record a recusal, "
            "or mark the judge absent.",
            errors=errors,
        )


async def category_result(work: Work, category_id: UUID) -> tuple[Row, Computed]:
    """The category and its result, computed anew if anything has changed. Raises NotJudgedYet, CannotTabulate."""
    category = await queries.get_category(work, category_id)
    _allow_result(work, category, queries.path_of(category))
    return category, await fresh_result(work, category)


async def kept_result(work: Work, category_id: UUID, known: str | None) -> Kept:
    """The result as it is sent, read as it is kept; computed anew first if anything has changed.

    ``known``: the version that the reader has; no bytes then if it is the present one. Raises as `category_result`.
    """
    kept = await queries.kept_result(work, category_id, shown.hash_in(known))
    _allow_result(work, kept, (kept["event_id"], kept["contest_id"], category_id))
    if not kept["fresh"]:
        category, computed = await category_result(work, category_id)
        body = shown.to_bytes(shown.category_body(computed.document, computed.entries, computed.computed_at))
        return _ready(category, computed.hash, body)
    if kept["shown"] is not None:
        return _ready({**kept, "id": category_id}, kept["hash"], kept["shown"])
    if known == (version := shown.version_of(kept["hash"], title=kept["name"], state=kept["state"])):
        return Kept(version, None)
    return await kept_result(work, category_id, None)  # of this hash, but under another name or in another state


def _ready(category: Row, hash_: str, body: bytes) -> Kept:
    head = {"title": category["name"], "state": category["state"]}
    return Kept(shown.version_of(hash_, **head), shown.with_head(body, id_=category["id"], **head))


def _allow_result(work: Work, category: Row, path: Path) -> None:
    """Raise Forbidden, or NotJudgedYet while judging goes on."""
    work.allow("results:read", path)
    refuse_unjudged(category)


def refuse_unjudged(category: Row) -> None:
    """Raise NotJudgedYet in the states that have no result."""
    if category["state"] not in WITH_RESULT:
        raise NotJudgedYet(f"The category is {category['state']}: there are totals once judging is closed.")


async def fresh_result(work: Work, category: Row) -> Computed:
    """The stored result if it is of the present state, else a new one."""
    state = await queries.result_state(work, category["id"])
    stored = await queries.stored_result(work, category["id"])
    if stored is not None and stored["inputs"] == state:
        document: Document = orjson.loads(bytes(stored["document"]))
        entries = await queries.of_category(work, queries.ENTRIES, category["id"])
        return Computed(document, stored["hash"], entries, stored["computed_at"])
    return await compute_result(work, category, await load_rows(work, category), state)


async def compute_result(work: Work, category: Row, rows: CategoryRows, state: str) -> Computed:
    """Tabulate and keep, as the result of a state named before the rows were read.

    Raises NoRules, CannotTabulate with every fault.
    """
    chosen = await queries.get_rules(work, category["id"])
    if chosen is None:
        raise NoRules("Choose a rule set for the category first.")
    document = await _document(chosen["document"], rows)
    hash_, at = str(document["hash"]), work.now()
    body = shown.to_bytes(shown.category_body(document, rows.entries, at))
    await work.sql(STORE, (work.tenant, category["id"], state, canonical_bytes(document), body, hash_, at))
    return Computed(document, hash_, rows.entries, at)


async def _document(rules: dict[str, Any], rows: CategoryRows) -> Document:
    def run() -> Document:
        return to_document(tabulate(rules_for(rules, rows.criteria), inputs_of(rows)))

    try:
        return await asyncio.to_thread(run)
    except ScoringError as error:
        raise _cannot(error) from error


def _cannot(error: ScoringError) -> CannotTabulate:
    lines = str(error).splitlines()
    return CannotTabulate(lines[0], errors=[FieldError("/marks", line) for line in lines])


async def contest_result(work: Work, contest_id: UUID) -> tuple[list[Row], Document]:
    """A contest's result over its categories, each by its own rule set. Raises NotFound, NotJudgedYet."""
    categories = await queries.list_categories(work, contest_id)
    if not categories:
        raise NotFound("There is no such contest, or it has no category yet.")
    work.allow("results:read", queries.path_of(categories[0])[:2])
    waiting = [c["name"] for c in categories if c["state"] not in WITH_RESULT]
    if waiting:
        raise NotJudgedYet(f"Not judged yet: {', '.join(waiting)}.")
    method = await queries.contest_rules(work, contest_id)
    computed = {category["id"]: await fresh_result(work, category) for category in categories}
    try:
        low = _lowest_wins(method, categories, computed)
        rules = contest_rule_set(method, categories, low=low)
        needed = (method["best"] if method["method"] == "best-n" else len(computed)) if low else 0
        by_place = method["method"] == "rank-sum"
        inputs = _contest_inputs(computed, titles(categories), by_place=by_place, needed=needed)
        return categories, to_document(tabulate(rules, inputs))
    except ScoringError as error:
        raise _cannot(error) from error


def _lowest_wins(method: dict[str, Any], categories: Sequence[Row], computed: Mapping[UUID, Computed]) -> bool:
    """Whether the lowest number wins: it does by places, and by totals where it does in every category.

    Raises CannotTabulate where totals of both kinds would be added up.
    """
    if method["method"] == "rank-sum":
        return True
    low = [c["name"] for c in categories if computed[c["id"]].document["ruleSet"]["ranking"]["direction"] == "low"]
    if low and len(low) < len(categories):
        raise CannotTabulate(
            f"The lowest total wins in {', '.join(low)} and the highest in the other categories, so totals cannot be "
            "added up: combine the categories by the sum of places."
        )
    return bool(low)


def titles(categories: Sequence[Row]) -> dict[UUID, str]:
    """What each category is called in the contest's result: its name, made unique."""
    return labels([{"id": category["id"], "number": None, "name": category["name"]} for category in categories])


def _contest_inputs(
    computed: Mapping[UUID, Computed], called: Mapping[UUID, str], *, by_place: bool, needed: int
) -> Inputs:
    """Each category's total (or place) as one mark of the contest; entries have one label in all categories.

    Where the lowest sum wins, who lacks one of the ``needed`` numbers has not finished the contest.
    """
    rows = {row["entry_id"]: row for result in computed.values() for row in result.entries}
    shown = labels([{**row, "id": entry_id} for entry_id, row in rows.items()])
    entries: dict[str, Entry] = {}
    marks: list[MarkRow] = []
    for category_id, result in computed.items():
        here = labels(result.entries)
        label = {here[row["id"]]: shown[row["entry_id"]] for row in result.entries}
        entries |= {label[e[0]]: Entry(label[e[0]], *e[1:]) for e in result.document["inputs"]["entries"]}
        marks += [
            MarkRow(label[line["entry"]], "result", value, category=called[category_id])
            for line in result.document["results"]
            if (value := _middle(line["place"]) if by_place else line["total"])
        ]
    given = Counter(mark.entry for mark in marks)
    unfinished = [entry for entry, n in given.items() if n < needed]
    facts = [FactRow(entry, "state", "dnf") for entry in unfinished]
    return Inputs(marks=marks, entries=list(entries.values()), facts=facts)


def _middle(place: str) -> str:
    """The place to add up: a shared "1-2" counts as 1.5."""
    first, _, last = place.partition("-")
    return str((Decimal(first) + Decimal(last)) / 2) if last else first


def contest_rule_set(method: dict[str, Any], categories: list[Row], *, low: bool) -> RuleSet:
    """The rule set that combines category results; ``low``: the lowest number wins."""
    by_place = method["method"] == "rank-sum"
    direction = "low" if low else "high"
    stages: list[dict[str, Any]] = [{"kind": "sum", "name": "result", "over": "judge"}]
    if method["method"] == "best-n":
        stages.append(
            {"kind": "best", "name": "best", "over": "category", "count": method["best"], "direction": direction}
        )
    elif by_place:
        stages.append({"kind": "sum", "name": "sum of places", "over": "category"})
    else:
        called = titles(categories)
        weights = {called[c["id"]]: format(c["weight"], "f") for c in categories}
        stages.append({"kind": "sum", "name": "weighted total", "over": "category", "weights": weights})
    return parse_rules(
        {
            "name": f"contest-{method['method']}", "version": "1", "title": "Contest over its categories",
            "source": "The organiser's choice for this contest.", "stages": stages,
            "ranking": {"direction": direction},
            "policies": {"unmarked": "skip", "missing": "absent", "panel": "allow"},
        }
    )  # fmt: skip
