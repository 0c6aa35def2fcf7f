"""Lists of events, contests, categories, criteria and templates."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from event_manager.contests.models import Category, CategoryEntry, Contest, Criterion, Event, PanelSeat
from event_manager.contests.queries.places import (
    ABOVE_CATEGORY,
    ABOVE_CONTEST,
    Place,
    category_visible,
    contest_visible,
    event_visible,
)
from event_manager.contests.schemas.levels import (
    CategoryDetail,
    CategoryView,
    CriteriaView,
    CriterionView,
    TemplateView,
)
from event_manager.kit.paging import keyset
from event_manager.kit.work import Work

READ = "contests:read"


async def list_events(
    work: Work, *, cursor: str | None, limit: int, status: str | None = None, templates: bool = False
) -> tuple[list[Event], str | None]:
    """Events that the actor may see, in their order; without ``status`` those that are not archived."""
    query: Select[Any] = select(Event).where(Event.tenant_id == work.tenant, Event.is_template.is_(templates))
    query = query.where(Event.status == status if status else Event.status != "archived")
    scopes = work.actor.scopes(READ)
    if scopes is not None:
        query = query.where(event_visible(scopes))
    return await keyset(work, query, [Event.sort_order, Event.id], cursor=cursor, limit=limit)


async def list_contests(
    work: Work, event_id: UUID, *, cursor: str | None, limit: int, archived: bool = False
) -> tuple[list[Contest], str | None]:
    """The event's contests that the actor may see, in their order."""
    query: Select[Any] = select(Contest).where(Contest.tenant_id == work.tenant, Contest.event_id == event_id)
    if not archived:
        query = query.where(Contest.status != "archived")
    scopes = work.actor.scopes(READ)
    if scopes is not None:
        query = query.where(contest_visible(scopes))
    return await keyset(work, query, [Contest.sort_order, Contest.id], cursor=cursor, limit=limit)


async def list_categories(
    work: Work, contest_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Category], str | None]:
    """The contest's categories that the actor may see, in their order."""
    query: Select[Any] = select(Category).where(Category.tenant_id == work.tenant, Category.contest_id == contest_id)
    scopes = work.actor.scopes(READ)
    if scopes is not None:
        query = query.where(category_visible(scopes))
    return await keyset(work, query, [Category.sort_order, Category.id], cursor=cursor, limit=limit)


async def describe_category(work: Work, place: Place) -> CategoryDetail:
    """A category with the names above it and what it holds."""
    category = place.category
    counts = {
        word: select(func.count())
        .select_from(table)
        .where(table.tenant_id == work.tenant, table.category_id == category.id)
        for word, table in (("criteria", Criterion), ("entries", CategoryEntry), ("seats", PanelSeat))
    }
    counts["seats"] = counts["seats"].where(PanelSeat.state != "replaced")
    row = (await work.session.execute(select(*[c.scalar_subquery() for c in counts.values()]))).one()
    return CategoryDetail(
        **CategoryView.model_validate(category).model_dump(by_alias=False),
        event_id=place.event.id,
        event_name=place.event.name,
        contest_name=place.contest.name,
        **dict(zip(counts, row, strict=True)),
    )


async def list_criteria(work: Work, category_id: UUID) -> Sequence[Criterion]:
    """The category's criteria, in order."""
    query = select(Criterion).where(Criterion.tenant_id == work.tenant, Criterion.category_id == category_id)
    return (await work.session.scalars(query.order_by(Criterion.sort_order, Criterion.id))).all()


async def view_criteria(work: Work, category_id: UUID) -> CriteriaView:
    """The same as they go over the wire."""
    return CriteriaView(items=[CriterionView.model_validate(c) for c in await list_criteria(work, category_id)])


async def list_templates(work: Work) -> list[TemplateView]:
    """Events, contests and categories marked as templates that the actor may see, by name; at most 200 of each."""
    scopes = work.actor.scopes(READ)
    events = select(Event.id, Event.name).where(Event.is_template, Event.status != "archived")
    contests = (
        select(Contest.id, Contest.name, Contest.event_id)
        .where(Contest.is_template, Contest.status != "archived")
    )  # fmt: skip
    categories = (
        select(Category.id, Category.name, Contest.event_id, Contest.id)
        .join(Contest, ABOVE_CATEGORY)
        .join(Event, ABOVE_CONTEST)
        .where(Category.is_template, Contest.status != "archived", Event.status != "archived")
    )
    if scopes is not None:
        events = events.where(event_visible(scopes))
        contests = contests.where(contest_visible(scopes))
        categories = categories.where(category_visible(scopes))
    found = [
        TemplateView(level="event", id=row[0], name=row[1], path=[row[0]])
        for row in await work.session.execute(
            events.where(Event.tenant_id == work.tenant).order_by(Event.name, Event.id).limit(200)
        )
    ]
    found += [
        TemplateView(level="contest", id=row[0], name=row[1], path=[row[2], row[0]])
        for row in await work.session.execute(
            contests.where(Contest.tenant_id == work.tenant).order_by(Contest.name, Contest.id).limit(200)
        )
    ]
    found += [
        TemplateView(level="category", id=row[0], name=row[1], path=[row[2], row[3], row[0]])
        for row in await work.session.execute(
            categories.where(Category.tenant_id == work.tenant).order_by(Category.name, Category.id).limit(200)
        )
    ]
    return found
