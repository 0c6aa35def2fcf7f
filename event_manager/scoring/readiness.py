"""A category needs a rule set that fits its criteria before it can be judged."""

from uuid import UUID

from event_manager.contests.service import Missing, also_needed, before_judging
from event_manager.kit.work import Work
from event_manager.scoring import queries
from event_manager.scoring.errors import RulesRefused
from event_manager.scoring.own_rules import parse_document
from event_manager.scoring.schemas import MissingView, Readiness


@also_needed
async def check_rules(work: Work, category_id: UUID) -> list[Missing]:
    """The rule set, where it is missing, and what about it does not fit the criteria."""
    chosen = await queries.get_rules(work, category_id)
    if chosen is None:
        return [Missing("/rules", "a rule set", "choose how marks become places")]
    try:
        parse_document(chosen["document"], await queries.of_category(work, queries.CRITERIA, category_id))
    except RulesRefused as refusal:
        what = f"a rule set that fits its criteria, other than '{chosen['name']}'"
        return [Missing("/rules", what, fault.detail) for fault in refusal.errors]
    return []


async def read_readiness(work: Work, category_id: UUID) -> Readiness:
    """All that a category needs before judging can open. Raises NotFound, Forbidden."""
    state, missing = await before_judging(work, category_id)
    views = [MissingView.model_validate(each) for each in missing]
    return Readiness(category_id=category_id, state=state, ready=state == "draft" and not views, missing=views)
