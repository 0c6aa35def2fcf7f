"""Events, contests, categories, entries and seats for tests, made by the room's own services."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import event, select

from event_manager.contests.models import Contest, Event, PanelSeat
from event_manager.contests.queries.places import Place
from event_manager.contests.schemas.entries import EntryCreate, ParticipantCreate
from event_manager.contests.schemas.levels import CategoryCreate, ContestCreate, CriterionPut, EventCreate
from event_manager.contests.schemas.panels import SeatCreate
from event_manager.contests.service import categories, contests, criteria, entries, events, panels, states
from event_manager.kit.db import Row
from event_manager.kit.work import Params, Work
from event_manager.scoring.schemas import CategoryRulesIn
from event_manager.scoring.service import choose_rules


async def an_event(work: Work, name: str = "Harbour Games", **facts: object) -> Event:
    """An event; ``facts`` are fields of EventCreate."""
    return await events.create_event(work, EventCreate.model_validate({"name": name, **facts}))


async def a_contest(work: Work, of: Event | None = None, name: str = "Singing", **facts: object) -> Contest:
    """A contest, in an event of its own unless given; ``facts`` are fields of ContestCreate."""
    of = of or await an_event(work)
    return await contests.create_contest(work, of.id, ContestCreate.model_validate({"name": name, **facts}))


async def a_category(work: Work, contest: Contest | None = None, name: str = "Solo", **facts: object) -> Place:
    """A category, in a contest of its own unless given; ``facts`` are fields of CategoryCreate."""
    contest = contest or await a_contest(work)
    return await categories.create_category(work, contest.id, CategoryCreate.model_validate({"name": name, **facts}))


async def some_criteria(work: Work, category_id: UUID, *names: str) -> Place:
    """Criteria from 0 to 10 by 0.1, with weight 1."""
    wanted = [CriterionPut.model_validate({"name": name, "max": "10"}) for name in names]
    return await criteria.put_criteria(work, category_id, wanted)


async def some_entries(work: Work, contest_id: UUID, *names: str) -> list[UUID]:
    """New persons entered in a contest, in this order; answers the ids of the entries."""
    rows = [EntryCreate(participant=ParticipantCreate(name=name)) for name in names]
    return await entries.enter(work, contest_id, rows)


async def a_seat(work: Work, category_id: UUID, user_id: UUID, **facts: object) -> UUID:
    """A seat for a member; ``facts`` are fields of SeatCreate."""
    await panels.add_seat(work, category_id, SeatCreate.model_validate({"user_id": user_id, **facts}))
    query = select(PanelSeat.id).where(PanelSeat.category_id == category_id, PanelSeat.user_id == user_id)
    return (await work.session.scalars(query.where(PanelSeat.state != "replaced"))).one()


async def a_judged_category(work: Work, judge_id: UUID, *names: str) -> Place:
    """A category open for judging: one criterion, a rule set, one seat, these entries."""
    place = await a_category(work)
    await some_criteria(work, place.category.id, "Voice")
    await some_entries(work, place.contest.id, *(names or ("Ann", "Ben")))
    await a_seat(work, place.category.id, judge_id)
    await choose_rules(work, place.category.id, CategoryRulesIn(name="sum"))
    return await states.open_judging(work, place.category.id)


@contextmanager
def counted(work: Work) -> Iterator[list[str]]:
    """The statements that the work sends meanwhile."""
    sent: list[str] = []
    engine = work.database.pool(work.role).engine.sync_engine
    plain = work.sql

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    async def note_and_run(query: str, params: Params | None = None) -> list[Row]:
        sent.append(query)
        return await plain(query, params)

    event.listen(engine, "before_cursor_execute", note)
    work.sql = note_and_run  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
        work.sql = plain  # type: ignore[method-assign]
