"""Addresses of categories and their criteria."""

from fastapi import Response

from event_manager.contests.api.parts import EDIT, PAGE, CategoryId, ContestId, Cursor, Limit, Seen, SurelySeen
from event_manager.contests.errors import (
    CategoryClosed,
    CriteriaFrozen,
    IllegalStateChange,
    NotLocked,
    NotReadyForJudging,
    OrderIncomplete,
    UnlockNeedsSecondPerson,
)
from event_manager.contests.queries import levels, places
from event_manager.contests.queries.places import Place
from event_manager.contests.schemas.common import Because, Order
from event_manager.contests.schemas.levels import (
    CategoryClone,
    CategoryCreate,
    CategoryDetail,
    CategoryUpdate,
    CategoryView,
    CriteriaPut,
    CriteriaView,
)
from event_manager.contests.service import categories, cloning, criteria, locks, states
from event_manager.kit.access import require
from event_manager.kit.errors import PreconditionRequired, problems
from event_manager.kit.http import Page, Router, W, set_etag
from event_manager.kit.work import Work

router = Router(prefix="/contests", tags=["categories"])


@router.get("/{contestId}/categories", dependencies=[require("contests:read")])
async def list_categories(
    work: W, contest_id: ContestId, cursor: Cursor = None, limit: Limit = PAGE
) -> Page[CategoryView]:
    """Categories of a contest, in their order."""
    await places.readable_contest(work, contest_id)
    rows, after = await levels.list_categories(work, contest_id, cursor=cursor, limit=limit)
    return Page(items=[CategoryView.model_validate(row) for row in rows], next_cursor=after)


@router.post("/{contestId}/categories", status_code=201, dependencies=[require("contests:edit")], responses=EDIT)
async def create_category(work: W, response: Response, contest_id: ContestId, new: CategoryCreate) -> CategoryDetail:
    """Set up a category; every entry of the contest competes in it until you choose otherwise."""
    return await _view(work, await categories.create_category(work, contest_id, new), response)


@router.put(
    "/{contestId}/categories/order",
    status_code=204,
    dependencies=[require("contests:edit")],
    responses=EDIT | problems(OrderIncomplete),
)
async def reorder_categories(work: W, contest_id: ContestId, order: Order) -> None:
    """Put all categories of a contest in another order."""
    await categories.reorder_categories(work, contest_id, order.ids)


@router.get("/categories/{categoryId}", dependencies=[require("contests:read")])
async def read_category(work: W, response: Response, category_id: CategoryId) -> CategoryDetail:
    """A category, with the names above it and what it holds."""
    return await _view(work, await places.readable_category(work, category_id), response)


@router.patch(
    "/categories/{categoryId}",
    dependencies=[require("contests:edit")],
    responses=EDIT | problems(CategoryClosed),
)
async def update_category(
    work: W, response: Response, category_id: CategoryId, change: CategoryUpdate, seen: Seen
) -> CategoryDetail:
    """Change facts of a category; its parts only before judging."""
    return await _view(work, await categories.update_category(work, category_id, change, seen=seen), response)


@router.delete(
    "/categories/{categoryId}",
    status_code=204,
    dependencies=[require("contests:edit")],
    responses=EDIT | problems(CategoryClosed),
)
async def delete_category(work: W, category_id: CategoryId, seen: Seen) -> None:
    """Remove a category that is still a draft, with its criteria and seats."""
    await categories.delete_category(work, category_id, seen=seen)


@router.get("/categories/{categoryId}/criteria", dependencies=[require("contests:read")])
async def read_criteria(work: W, response: Response, category_id: CategoryId) -> CriteriaView:
    """Criteria of a category, in order; the ETag is the category's."""
    place = await places.readable_category(work, category_id)
    set_etag(response, place.category.version)
    return await levels.view_criteria(work, category_id)


@router.put(
    "/categories/{categoryId}/criteria",
    dependencies=[require("contests:edit")],
    responses=EDIT | problems(CriteriaFrozen, CategoryClosed, PreconditionRequired),
)
async def put_criteria(
    work: W, response: Response, category_id: CategoryId, body: CriteriaPut, seen: SurelySeen
) -> CriteriaView:
    """Make the criteria this list, in this order. Needs If-Match with the category's ETag."""
    place = await criteria.put_criteria(work, category_id, body.criteria, seen=seen)
    set_etag(response, place.category.version)
    return await levels.view_criteria(work, category_id)


@router.post(
    "/categories/{categoryId}/open-judging",
    dependencies=[require("contests:edit")],
    responses=EDIT | problems(IllegalStateChange, NotReadyForJudging),
)
async def open_judging(work: W, response: Response, category_id: CategoryId) -> CategoryDetail:
    """Begin judging: needs criteria, a rule set, an active seat and an entry; freezes the panel."""
    return await _view(work, await states.open_judging(work, category_id), response)


@router.post(
    "/categories/{categoryId}/reopen",
    dependencies=[require("contests:edit")],
    responses=EDIT | problems(IllegalStateChange),
)
async def reopen_category(work: W, response: Response, category_id: CategoryId, why: Because) -> CategoryDetail:
    """Take a judged category back to judging, and say why."""
    return await _view(work, await states.reopen(work, category_id, why.reason), response)


@router.post("/categories/{categoryId}/clone", status_code=201, dependencies=[require("contests:edit")], responses=EDIT)
async def clone_category(work: W, response: Response, category_id: CategoryId, new: CategoryClone) -> CategoryDetail:
    """Copy a category, or make one from a template, in the same or another contest."""
    return await _view(work, await cloning.clone_category(work, category_id, new), response)


@router.post("/categories/{categoryId}/lock", dependencies=[require("contests:lock")], responses=EDIT)
async def lock_category(work: W, response: Response, category_id: CategoryId, why: Because) -> CategoryDetail:
    """Lock a category against changes."""
    return await _view(work, await locks.lock(work, "category", category_id, why.reason), response)


@router.post(
    "/categories/{categoryId}/unlock",
    dependencies=[require("contests:unlock")],
    responses=problems(NotLocked, UnlockNeedsSecondPerson),
)
async def unlock_category(work: W, response: Response, category_id: CategoryId, why: Because) -> CategoryDetail:
    """Unlock a category, as another person than the one who locked it."""
    return await _view(work, await locks.unlock(work, "category", category_id, why.reason), response)


async def _view(work: Work, place: Place, response: Response) -> CategoryDetail:
    set_etag(response, place.category.version)
    return await levels.describe_category(work, place)
