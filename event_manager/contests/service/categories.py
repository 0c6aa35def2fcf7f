"""Writes of categories."""

from uuid import UUID

from sqlalchemy import func, select

from event_manager import eventlog
from event_manager.contests.errors import CategoryClosed
from event_manager.contests.event_types import CategoriesReordered, CategoryCreated, CategoryDeleted, CategoryUpdated
from event_manager.contests.models import Category
from event_manager.contests.queries.places import (
    Place,
    VersionCheck,
    any_version,
    editable_category,
    editable_contest,
)
from event_manager.contests.schemas.levels import CategoryCreate, CategoryUpdate
from event_manager.contests.service import changes, inputs, ordering, roster
from event_manager.kit.work import Work


async def create_category(work: Work, contest_id: UUID, new: CategoryCreate) -> Place:
    """Set up a category as the last of its contest, with every entry of the contest in it. Raises Locked."""
    place = await editable_contest(work, contest_id, hold=True)
    category = Category(
        tenant_id=work.tenant,
        contest_id=contest_id,
        sort_order=await next_place(work, contest_id),
        updated_at=work.now(),
        **{name: getattr(new, name) for name in CategoryCreate.model_fields},
    )
    work.session.add(category)
    await work.session.flush()
    await roster.enter_everybody(work, category)
    await eventlog.append(work, CategoryCreated(category_id=category.id, contest_id=contest_id, title=category.name))
    return Place(place.event, place.contest, category)


async def next_place(work: Work, contest_id: UUID) -> int:
    """The sort order after the contest's last category."""
    query = select(func.max(Category.sort_order)).where(
        Category.tenant_id == work.tenant, Category.contest_id == contest_id
    )
    return (await work.session.scalar(query) or 0) + 1


async def update_category(
    work: Work, category_id: UUID, change: CategoryUpdate, *, seen: VersionCheck = any_version
) -> Place:
    """Change facts of a category. Parts only before judging. Raises CategoryClosed, Locked."""
    place = await editable_category(work, category_id, hold=True)
    category = place.category
    seen(category.version)
    fields = changes.wanted(change)
    if fields.get("kind") == "single":
        fields["part_names"] = []
    told = changes.assign(work, category, fields)
    if {"kind", "part_names"} & set(told) and category.state != "draft":
        raise CategoryClosed(
            f"The parts of '{category.name}' are fixed since judging began (it is '{category.state}'); "
            "clone the category to judge it in other parts."
        )
    if "weight" in told and category.state not in ("draft", "judging", "judged"):
        raise CategoryClosed(f"'{category.name}' is '{category.state}': reopen it before its weight changes.")
    if told:
        await work.session.flush()
        if set(told) & {"kind", "part_names", "weight"}:
            await inputs.bump(work, [category.id])
        await eventlog.append(work, CategoryUpdated(category_id=category.id, changes=told))
    return place


async def delete_category(work: Work, category_id: UUID, *, seen: VersionCheck = any_version) -> None:
    """Remove a category that is a draft and so holds no mark. Raises CategoryClosed, Locked."""
    place = await editable_category(work, category_id, hold=True)
    category = place.category
    seen(category.version)
    if category.state != "draft" or category.reopened_at is not None:
        raise CategoryClosed(
            f"'{category.name}' is '{category.state}' and may hold marks: only drafts can be deleted. "
            "Archive its contest, or take its entries out."
        )
    await work.session.delete(category)
    await work.session.flush()
    await eventlog.append(work, CategoryDeleted(category_id=category_id, contest_id=place.contest.id))


async def reorder_categories(work: Work, contest_id: UUID, ids: list[UUID]) -> None:
    """Put all categories of the contest in this order. Raises OrderIncomplete, Locked."""
    await editable_contest(work, contest_id, hold=True)
    query = select(Category.id).where(Category.tenant_id == work.tenant, Category.contest_id == contest_id)
    ordering.check_complete(ids, (await work.session.scalars(query)).all())
    await ordering.write(work, "categories", ids)
    await eventlog.append(work, CategoriesReordered(contest_id=contest_id, category_ids=ids))
