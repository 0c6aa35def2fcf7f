"""Events, contests, categories, entries and seats for tests, made by the room's own services."""

from uuid import UUID

from event_manager.contests.models import Contest, Event
from event_manager.contests.queries.places import Place
from event_manager.contests.schemas.levels import CategoryCreate, ContestCreate, CriterionPut, EventCreate
from event_manager.contests.service import categories, contests, criteria, events
from event_manager.kit.work import Work


async def an_event(work: Work, name: str = "Harbour Games", **facts: object) -> Event:
    """An event; ``facts`` are fields of EventCreate."""
    return await events.create_event(work, EventCreate.model_validate({"name": name, **facts}))


async def a_contest(work: Work, event: Event | None = None, name: str = "Singing", **facts: object) -> Contest:
    """A contest, in an event of its own unless given; ``facts`` are fields of ContestCreate."""
    event = event or await an_event(work)
    return await contests.create_contest(work, event.id, ContestCreate.model_validate({"name": name, **facts}))


async def a_category(work: Work, contest: Contest | None = None, name: str = "Solo", **facts: object) -> Place:
    """A category, in a contest of its own unless given; ``facts`` are fields of CategoryCreate."""
    contest = contest or await a_contest(work)
    return await categories.create_category(work, contest.id, CategoryCreate.model_validate({"name": name, **facts}))


async def some_criteria(work: Work, category_id: UUID, *names: str) -> Place:
    """Criteria from 0 to 10 by 0.1, with weight 1."""
    wanted = [CriterionPut.model_validate({"name": name, "max": "10"}) for name in names]
    return await criteria.put_criteria(work, category_id, wanted)
