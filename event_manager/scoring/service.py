"""Writes of scoring: marks, rule sets, deductions, decisions, closing. Totals are never written, only computed."""

from uuid import UUID

import orjson

from event_manager import eventlog
from event_manager.contests import service as contests
from event_manager.identity.queries_members import person_behind
from event_manager.kit.db import Row
from event_manager.kit.errors import FieldError, Forbidden, NotFound
from event_manager.kit.work import Work
from event_manager.scoring import queries, refusals
from event_manager.scoring.errors import (
    CategoryLocked,
    JudgingClosed,
    NoRules,
    RulesFrozen,
    RulesRefused,
    SecondPersonNeeded,
)
from event_manager.scoring.event_types import (
    CategoryJudged,
    ContestRulesChosen,
    DeductionApplied,
    DeductionRequested,
    DeductionWithdrawn,
    RulesChosen,
    TieDecided,
)
from event_manager.scoring.models import CategoryRules, ChairDecision, ContestRules, Deduction
from event_manager.scoring.own_rules import parse_document
from event_manager.scoring.results import compute_result, load_rows, refuse_incomplete
from event_manager.scoring.rulesets import find_document
from event_manager.scoring.schemas import (
    CategoryRulesIn,
    ContestRulesIn,
    DecisionIn,
    DeductionIn,
    MarkIn,
    MarksSaved,
    SavedMark,
)
from event_manager.tabulation.rules import RuleSet, parse_rules
from event_manager.tabulation.ties import ByChair

OPEN_STATES = ("judging", "judged")
SUBMIT = (
    "SELECT scoring_submit_marks(%s::uuid, %s::uuid, %s::uuid, %s::text, %s::uuid, %s::text, %s::text, %s::bytea,"
    " %s::text, %s::timestamptz, %s::jsonb) AS answer"
)


async def submit_marks(work: Work, category_id: UUID, marks: list[MarkIn]) -> MarksSaved:
    """Take a batch of the acting judge's own marks, in one statement that is a transaction of its own.

    Raises NotFound, NoSeat, CategoryLocked, JudgingClosed, MarksConflict or MarksRefused; then nothing was saved.
    """
    actor = work.actor
    if actor.user_id is None:
        raise Forbidden("Marks are given by a person: sign in as the judge.")
    batch = [
        {
            "key": mark.key, "entry": mark.entry_id, "criterion": mark.criterion_id, "part": mark.part,
            "value": mark.value, "comment": mark.comment, "revision": mark.revision, "at": mark.marked_at,
        }
        for mark in marks
    ]  # fmt: skip
    told = await eventlog.tell_actor(work)
    [row] = await work.single(
        SUBMIT,
        (
            work.tenant, actor.user_id, category_id, actor.kind, actor.user_id, told.name, told.address, told.pii,
            work.correlation_id, work.now(), orjson.dumps(batch).decode(),
        ),
    )  # fmt: skip
    answer = row["answer"]
    if "saved" not in answer:
        raise refusals.of_marks(answer, marks)
    return MarksSaved(
        saved=[
            SavedMark(key=marks[s["i"]].key, revision=s["revision"], repeated=s["repeated"]) for s in answer["saved"]
        ]
    )


async def choose_rules(work: Work, category_id: UUID, choice: CategoryRulesIn) -> RuleSet:
    """Give a category its rule set. Raises RulesFrozen after the first mark, RulesRefused for a faulty one.

    The category is held, so that a first mark under way is in before the rule set is seen as free to change.
    """
    await _hold(work, category_id)
    category = await _writable(work, category_id, "contests:edit")
    if category["state"] not in ("draft", "judging"):
        raise RulesFrozen(f"The category is {category['state']}; clone it to judge it by other rules.")
    if (choice.name is None) == (choice.document is None):
        raise RulesRefused("Give either the name of a rule set or a document, not both.")
    document = choice.document if choice.document is not None else await find_document(work, choice.name or "")
    rules = parse_document(document, await queries.of_category(work, queries.CRITERIA, category_id))
    chosen = await work.session.get(CategoryRules, (work.tenant, category_id))
    if chosen is not None and chosen.frozen_at is not None:
        raise RulesFrozen(
            f"Marks have been given under '{chosen.name}' since {chosen.frozen_at:%Y-%m-%d %H:%M} UTC; "
            "clone the category to judge it by other rules."
        )
    if chosen is None:
        chosen = CategoryRules(tenant_id=work.tenant, category_id=category_id, name=rules.name, document=document)
        work.session.add(chosen)
    else:
        chosen.name, chosen.document = rules.name, document
    await work.session.flush()
    event = RulesChosen(category_id=category["id"], rule_set=rules.name, rule_set_version=rules.version)
    await eventlog.append(work, event)
    return rules


async def choose_contest_rules(work: Work, contest_id: UUID, choice: ContestRulesIn) -> None:
    """Say how a contest's categories make one result. Raises NotFound, RulesRefused, RulesFrozen after a tally."""
    categories = await queries.list_categories(work, contest_id)
    if not categories:
        raise NotFound("There is no such contest, or it has no category yet.")
    work.allow("contests:edit", queries.path_of(categories[0])[:2])
    if any(category["locked"] for category in categories):
        raise CategoryLocked("The contest or its event is locked; ask for it to be unlocked first.")
    settled = next((c for c in categories if c["state"] not in ("draft", *OPEN_STATES)), None)
    if settled is not None:
        raise RulesFrozen(
            f"'{settled['name']}' is {settled['state']}: reopen it before the contest's result is made in another way."
        )
    if (choice.method == "best-n") != (choice.best is not None):
        raise RulesRefused("'best' is the number of totals that count: give it with the method 'best-n' only.")
    document = choice.model_dump(exclude_none=True)
    chosen = await work.session.get(ContestRules, (work.tenant, contest_id))
    if chosen is None:
        work.session.add(ContestRules(tenant_id=work.tenant, contest_id=contest_id, document=document))
    else:
        chosen.document = document
    await work.session.flush()
    await eventlog.append(work, ContestRulesChosen(contest_id=contest_id, method=choice.method))


async def close_judging(work: Work, category_id: UUID) -> str:
    """End the judging of a category whose marks are complete; returns the result's hash.

    The category's row is locked first, so that marks under way are in or are refused. Raises PanelIncomplete naming
    who owes what, CannotTabulate when the rule set refuses the marks, JudgingClosed when it is not open.
    """
    await _hold(work, category_id)
    category = await _writable(work, category_id, "judging:close")
    if category["state"] != "judging":
        raise JudgingClosed(f"The category is {category['state']}, not being judged.")
    await contests.set_category_state(work, category_id, "judged")
    state = await queries.result_state(work, category_id)
    rows = await load_rows(work, category)
    refuse_incomplete(rows)
    result = await compute_result(work, category, rows, state)
    await eventlog.append(work, CategoryJudged(category_id=category_id, result_hash=result.hash))
    return result.hash


async def request_deduction(work: Work, category_id: UUID, new: DeductionIn) -> Deduction:
    """Ask for points to be taken off. Raises RulesRefused where the rule set knows no deductions."""
    category = await _open(work, category_id, "deductions:edit")
    await _refuse_without_deductions(work, category_id)
    if new.part and new.part not in category["part_names"]:
        fault = FieldError("/part", f"there is {', '.join(category['part_names']) or 'no part'}")
        raise RulesRefused(f"The category has no part '{new.part}'.", errors=[fault])
    entries = await queries.of_category(work, queries.ENTRIES, category_id)
    started = {row["entry_id"]: row["id"] for row in entries}
    if new.entry_id not in started:
        raise NotFound("This entry is not in the category.")
    deduction = Deduction(
        tenant_id=work.tenant, category_id=category_id, category_entry_id=started[new.entry_id], part=new.part,
        points=new.points, reason=new.reason, requested_by=await person_behind(work),
    )  # fmt: skip
    work.session.add(deduction)
    await work.session.flush()
    await eventlog.append(work, DeductionRequested.model_validate(_ids(deduction)))
    return deduction


async def approve_deduction(work: Work, category_id: UUID, deduction_id: UUID) -> Deduction:
    """Let a deduction count. Raises SecondPersonNeeded for the one who asked for it."""
    await _open(work, category_id, "deductions:edit")
    deduction = await _deduction(work, category_id, deduction_id)
    if deduction.withdrawn_at is not None:
        raise JudgingClosed("The deduction was withdrawn; ask for it anew.")
    if deduction.approved_at is not None:
        return deduction
    if work.actor.user_id is None or work.actor.user_id == deduction.requested_by:
        raise SecondPersonNeeded("A deduction counts once a second person has approved it.")
    deduction.approved_by, deduction.approved_at = work.actor.user_id, work.now()
    await work.session.flush()
    await eventlog.append(work, DeductionApplied.model_validate(_ids(deduction)))
    return deduction


async def withdraw_deduction(work: Work, category_id: UUID, deduction_id: UUID) -> Deduction:
    """Take a deduction back; its record stays."""
    await _open(work, category_id, "deductions:edit")
    deduction = await _deduction(work, category_id, deduction_id)
    if deduction.withdrawn_at is None:
        deduction.withdrawn_by, deduction.withdrawn_at = work.actor.user_id, work.now()
        await work.session.flush()
        await eventlog.append(work, DeductionWithdrawn.model_validate(_ids(deduction)))
    return deduction


async def decide_tie(work: Work, category_id: UUID, decision: DecisionIn) -> ChairDecision:
    """Record the chair's order of tied entries. Raises NotFound for an entry of another category."""
    await _open(work, category_id, "ties:decide")
    rules = await _chosen(work, category_id)
    if not any(isinstance(breaker, ByChair) for breaker in rules.ties):
        raise RulesRefused(
            f"The rule set '{rules.name}' leaves no tie to the chair, so a decision would change nothing."
        )
    entries = {row["entry_id"] for row in await queries.of_category(work, queries.ENTRIES, category_id)}
    if len(set(decision.entry_ids)) != len(decision.entry_ids):
        raise RulesRefused("An entry stands twice in the order.", errors=[FieldError("/entryIds", "each entry once")])
    if not entries.issuperset(decision.entry_ids):
        raise NotFound("Some of these entries are not in the category.")
    record = ChairDecision(
        tenant_id=work.tenant, category_id=category_id, entry_ids=[str(e) for e in decision.entry_ids],
        reason=decision.reason, decided_by=work.actor.user_id, decided_by_name=work.actor.name,
    )  # fmt: skip
    work.session.add(record)
    await work.session.flush()
    event = TieDecided(category_id=category_id, decision_id=record.id, entry_ids=decision.entry_ids)
    await eventlog.append(work, event)
    return record


async def _hold(work: Work, category_id: UUID) -> None:
    """Wait for the marks under way, and keep others from beginning."""
    await work.sql(
        "SELECT 1 FROM categories WHERE tenant_id = %s AND id = %s FOR NO KEY UPDATE", (work.tenant, category_id)
    )


async def _writable(work: Work, category_id: UUID, permission: str) -> Row:
    category = await queries.get_category(work, category_id)
    work.allow(permission, queries.path_of(category))
    if category["locked"]:
        raise CategoryLocked("The category, its contest or its event is locked; ask for it to be unlocked first.")
    return category


async def _open(work: Work, category_id: UUID, permission: str) -> Row:
    await _hold(work, category_id)
    category = await _writable(work, category_id, permission)
    if category["state"] not in OPEN_STATES:
        raise JudgingClosed(f"The category is {category['state']}; this is possible while it is judging or judged.")
    return category


async def _refuse_without_deductions(work: Work, category_id: UUID) -> None:
    rules = await _chosen(work, category_id)
    if "deduction" not in rules.facts_read:
        raise RulesRefused(f"The rule set '{rules.name}' knows no deductions, so one would change nothing.")


async def _chosen(work: Work, category_id: UUID) -> RuleSet:
    chosen = await queries.get_rules(work, category_id)
    if chosen is None:
        raise NoRules("Choose a rule set for the category first.")
    return parse_rules(chosen["document"])


async def _deduction(work: Work, category_id: UUID, deduction_id: UUID) -> Deduction:
    found = await work.session.get(Deduction, (work.tenant, deduction_id), with_for_update=True)
    if found is None or found.category_id != category_id:
        raise NotFound("There is no such deduction.")
    return found


def _ids(deduction: Deduction) -> dict[str, UUID]:
    return {
        "deduction_id": deduction.id,
        "category_id": deduction.category_id,
        "category_entry_id": deduction.category_entry_id,
    }
