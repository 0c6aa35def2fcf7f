"""Addresses of scoring: judge sheets, marks, rule sets, deductions, results."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from event_manager.contests.service import announce
from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Router, W, etag, known_version, not_modified
from event_manager.scoring import documents, own_rules, queries, readiness, results, rulesets, service, shown, views
from event_manager.scoring.errors import (
    CannotTabulate,
    CategoryLocked,
    JudgingClosed,
    MarksConflict,
    MarksRefused,
    NoRules,
    NoSeat,
    NotJudgedYet,
    PanelIncomplete,
    RulesFrozen,
    RulesRefused,
    SecondPersonNeeded,
)
from event_manager.scoring.schemas import (
    CategoryRulesIn,
    CategoryRulesView,
    ClosedView,
    ContestRulesIn,
    ContestRulesView,
    DecisionIn,
    DecisionView,
    DeductionIn,
    DeductionView,
    MarkHistory,
    MarksIn,
    MarksSaved,
    Progress,
    Readiness,
    ResultView,
    RuleGuide,
    RuleSetIn,
    RuleSets,
    RuleSetView,
    Sheet,
)
from event_manager.tabulation import guide

router = Router(prefix="/scoring", tags=["scoring"])

CategoryId = Annotated[UUID, Path(alias="categoryId")]
ContestId = Annotated[UUID, Path(alias="contestId")]
EntryId = Annotated[UUID, Path(alias="entryId")]
DeductionId = Annotated[UUID, Path(alias="deductionId")]
RuleSetName = Annotated[str, Path(alias="ruleSetName", max_length=60)]
DocumentFormat = Annotated[documents.Format, Query(alias="format", description="json: the document to verify.")]


@router.get("/categories/{categoryId}/sheet", dependencies=[require("marks:submit")], responses=problems(NoSeat))
async def read_sheet(work: W, category_id: CategoryId) -> Sheet:
    """Your judge sheet: criteria, entries in running order, your own marks, who is next."""
    return await views.sheet(work, category_id)


@router.post(
    "/categories/{categoryId}/marks",
    dependencies=[require("marks:submit")],
    responses=problems(NoSeat, NoRules, CategoryLocked, JudgingClosed, MarksConflict, MarksRefused),
)
async def submit_marks(work: W, category_id: CategoryId, batch: MarksIn) -> MarksSaved:
    """Save a batch of your own marks: all or none. Repeating a mark under its key changes nothing."""
    saved = await service.submit_marks(work, category_id, batch.marks)
    announce(work, category_id)
    return saved


@router.get(
    "/categories/{categoryId}/sheet/{entryId}/history",
    dependencies=[require("marks:submit")],
    responses=problems(NoSeat),
)
async def read_own_mark_history(work: W, category_id: CategoryId, entry_id: EntryId) -> MarkHistory:
    """Every value that your own marks of an entry ever had."""
    return await views.own_history(work, category_id, entry_id)


@router.get("/categories/{categoryId}/readiness", dependencies=[require("contests:read")])
async def read_readiness(work: W, category_id: CategoryId) -> Readiness:
    """All that is missing before judging can be opened, each with what to do about it."""
    return await readiness.read_readiness(work, category_id)


@router.get("/categories/{categoryId}/progress", dependencies=[require("progress:read")])
async def read_progress(work: W, category_id: CategoryId) -> Progress:
    """Who has marked how much, and who owes marks."""
    return await views.progress(work, category_id)


@router.get(
    "/categories/{categoryId}/entries/{entryId}/marks",
    dependencies=[require("marks:read")],
    responses=problems(NotJudgedYet),
)
async def read_mark_history(work: W, category_id: CategoryId, entry_id: EntryId) -> MarkHistory:
    """Every value any mark of an entry ever had, once judging is closed."""
    return await views.history(work, category_id, entry_id)


@router.post(
    "/categories/{categoryId}/close",
    dependencies=[require("judging:close")],
    responses=problems(PanelIncomplete, CannotTabulate, JudgingClosed, CategoryLocked, NoRules),
)
async def close_judging(work: W, category_id: CategoryId) -> ClosedView:
    """End judging: every mark must be in; the result is computed."""
    hash_ = await service.close_judging(work, category_id)
    announce(work, category_id)
    return ClosedView(category_id=category_id, state="judged", hash=hash_)


@router.get(
    "/categories/{categoryId}/result",
    response_model=ResultView,
    dependencies=[require("results:read")],
    responses=problems(NotJudgedYet, CannotTabulate, NoRules),
)
async def read_category_result(work: W, request: Request, category_id: CategoryId) -> Response:
    """Places, totals and an explanation for every place."""
    kept = await results.kept_result(work, category_id, known_version(request))
    headers = {"ETag": etag(kept.version)}
    if kept.body is None or not_modified(request, kept.version):
        return Response(status_code=304, headers=headers)
    return Response(kept.body, media_type="application/json", headers=headers)


@router.get(
    "/categories/{categoryId}/result-document",
    dependencies=[require("results:read")],
    responses=problems(NotJudgedYet, CannotTabulate, NoRules),
    response_class=Response,
)
async def read_result_document(work: W, category_id: CategoryId, as_: DocumentFormat = "json") -> Response:
    """The result with all its inputs and rules, to recompute byte for byte (`event-manager verify-result`);
    or its lines as CSV, or a page to print."""
    category, computed = await results.category_result(work, category_id)
    title = f"{category['contest_name']}, {category['name']}"
    return await documents.answer(computed.document, as_, title=title)


@router.get(
    "/contests/{contestId}/result",
    dependencies=[require("results:read")],
    responses=problems(NotJudgedYet, CannotTabulate),
)
async def read_contest_result(work: W, response: Response, contest_id: ContestId) -> ResultView:
    """The contest's result over all its categories."""
    categories, document = await results.contest_result(work, contest_id)
    response.headers["ETag"] = etag(document["hash"])
    return shown.contest_view(contest_id, categories, document, work.now())


@router.get(
    "/contests/{contestId}/result-document",
    dependencies=[require("results:read")],
    responses=problems(NotJudgedYet, CannotTabulate),
    response_class=Response,
)
async def read_contest_result_document(work: W, contest_id: ContestId, as_: DocumentFormat = "json") -> Response:
    """The contest's result in the same forms as a category's."""
    categories, document = await results.contest_result(work, contest_id)
    return await documents.answer(document, as_, title=categories[0]["contest_name"])


@router.get("/rule-sets", dependencies=[require("rules:read")])
async def list_rule_sets(work: W) -> RuleSets:
    """Rule sets to choose from: your own first, then the library."""
    return RuleSets(items=await rulesets.list_rule_sets(work))


@router.post("/rule-sets", dependencies=[require("rules:edit")], status_code=201, responses=problems(RulesRefused))
async def save_rule_set(work: W, new: RuleSetIn) -> RuleSetView:
    """Save a version of an own rule set; contests keep the version they have."""
    saved = await own_rules.save_rule_set(work, new.document)
    return await rulesets.get_rule_set(work, saved.name)


@router.post("/rule-sets/check", dependencies=[require("rules:edit")], responses=problems(RulesRefused))
async def check_rule_set(work: W, new: RuleSetIn) -> RuleSetView:
    """Whether a rule set could be saved: every fault with its place, or the rule set as it would be. Saves nothing."""
    return rulesets.view_of(*await own_rules.check_document(work, new.document))


@router.get("/rule-guide", dependencies=[require("rules:read")])
async def read_rule_guide() -> RuleGuide:
    """What a rule set can be made of: every kind of stage and of tie breaker, with its options."""
    return RuleGuide.model_validate(guide.rule_guide(), from_attributes=True)


@router.get("/rule-sets/{ruleSetName}", dependencies=[require("rules:read")])
async def read_rule_set(work: W, rule_set_name: RuleSetName) -> RuleSetView:
    """One rule set with its full document and source."""
    return await rulesets.get_rule_set(work, rule_set_name)


@router.get("/categories/{categoryId}/rules", dependencies=[require("rules:read")], responses=problems(NoRules))
async def read_category_rules(work: W, category_id: CategoryId) -> CategoryRulesView:
    """The rule set of a category, and since when it is frozen."""
    return await views.category_rules(work, category_id)


@router.put(
    "/categories/{categoryId}/rules",
    dependencies=[require("contests:edit")],
    responses=problems(RulesFrozen, RulesRefused, CategoryLocked),
)
async def choose_category_rules(work: W, category_id: CategoryId, choice: CategoryRulesIn) -> CategoryRulesView:
    """Choose how marks become places; possible until the first mark."""
    await service.choose_rules(work, category_id, choice)
    return await views.category_rules(work, category_id)


@router.get("/contests/{contestId}/rules", dependencies=[require("rules:read")])
async def read_contest_rules(work: W, contest_id: ContestId) -> ContestRulesView:
    """How the contest's categories make one result."""
    return await views.contest_rules(work, contest_id)


@router.put(
    "/contests/{contestId}/rules",
    dependencies=[require("contests:edit")],
    responses=problems(RulesRefused, RulesFrozen, CategoryLocked),
)
async def choose_contest_rules(work: W, contest_id: ContestId, choice: ContestRulesIn) -> ContestRulesView:
    """Choose how the contest's categories make one result."""
    await service.choose_contest_rules(work, contest_id, choice)
    return await views.contest_rules(work, contest_id)


@router.get("/categories/{categoryId}/deductions", dependencies=[require("results:read")])
async def list_deductions(work: W, category_id: CategoryId) -> list[DeductionView]:
    """All deductions of a category, withdrawn ones included."""
    return await views.deductions(work, category_id)


@router.post(
    "/categories/{categoryId}/deductions",
    dependencies=[require("deductions:edit")],
    status_code=201,
    responses=problems(RulesRefused, JudgingClosed, CategoryLocked),
)
async def request_deduction(work: W, category_id: CategoryId, new: DeductionIn) -> DeductionView:
    """Ask for points to be taken off an entry; a second person approves it."""
    return await views.deduction(work, category_id, (await service.request_deduction(work, category_id, new)).id)


@router.post(
    "/categories/{categoryId}/deductions/{deductionId}/approve",
    dependencies=[require("deductions:edit")],
    responses=problems(SecondPersonNeeded, JudgingClosed, CategoryLocked),
)
async def approve_deduction(work: W, category_id: CategoryId, deduction_id: DeductionId) -> DeductionView:
    """Let a deduction count; not by the person who asked for it."""
    await service.approve_deduction(work, category_id, deduction_id)
    announce(work, category_id)
    return await views.deduction(work, category_id, deduction_id)


@router.post(
    "/categories/{categoryId}/deductions/{deductionId}/withdraw",
    dependencies=[require("deductions:edit")],
    responses=problems(JudgingClosed, CategoryLocked),
)
async def withdraw_deduction(work: W, category_id: CategoryId, deduction_id: DeductionId) -> DeductionView:
    """Take a deduction back; the record of it stays."""
    await service.withdraw_deduction(work, category_id, deduction_id)
    announce(work, category_id)
    return await views.deduction(work, category_id, deduction_id)


@router.get("/categories/{categoryId}/decisions", dependencies=[require("results:read")])
async def list_decisions(work: W, category_id: CategoryId) -> list[DecisionView]:
    """The chair's decisions on ties."""
    return await views.decisions(work, category_id)


@router.post(
    "/categories/{categoryId}/decisions",
    dependencies=[require("ties:decide")],
    status_code=201,
    responses=problems(RulesRefused, JudgingClosed, CategoryLocked),
)
async def decide_tie(work: W, category_id: CategoryId, decision: DecisionIn) -> DecisionView:
    """Record the chair's order of tied entries; no mark is altered."""
    record = await service.decide_tie(work, category_id, decision)
    announce(work, category_id)
    return next(d for d in await views.decisions(work, category_id) if d.id == record.id)


@router.get("/categories/{categoryId}/live", dependencies=[require("progress:read")], response_class=Response)
async def watch_category(work: W, request: Request, category_id: CategoryId) -> Response:
    """Server-sent events: `changed` with the category's state and version whenever there is something new to read."""
    category = await queries.get_category(work, category_id)
    work.allow("progress:read", queries.path_of(category))
    return views.stream(work, request, category_id)
