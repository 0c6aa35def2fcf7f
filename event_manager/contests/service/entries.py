"""Entering participants in a contest, one or many: all of them or none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from event_manager import eventlog
from event_manager.contests.errors import AlreadyEntered, CategoryClosed, NumberRefused, NumberTaken
from event_manager.contests.event_types import ContestantRegistered
from event_manager.contests.models import Category, ContestEntry, Participant
from event_manager.contests.queries.places import Place, editable_contest
from event_manager.contests.schemas.entries import EntryCreate
from event_manager.contests.service import inputs, numbering, participants, roster
from event_manager.contests.service.bulk import insert_many
from event_manager.kit.errors import FieldError, Invalid
from event_manager.kit.work import Work

JOIN_CATEGORIES = """
INSERT INTO category_entries (tenant_id, contest_id, category_id, contest_entry_id)
SELECT %s, %s, g.category_id, g.entry_id FROM unnest(%s::uuid[], %s::uuid[]) AS g(category_id, entry_id)"""


async def enter(work: Work, contest_id: UUID, rows: Sequence[EntryCreate]) -> list[UUID]:
    """Enter these, in this order at the end of the running order; answers the ids of the entries.

    Raises Invalid, AlreadyEntered, NumberTaken, NumberRefused (all with pointers to the rows), CategoryClosed, Locked.
    """
    place = await editable_contest(work, contest_id, "entries:edit", hold=True)
    categories = await _categories(work, place)
    chosen = [_choose(row, i, categories) for i, row in enumerate(rows)]
    people = await _participants(work, place, rows)
    numbers = await _numbers(work, place, rows)
    last = await work.session.scalar(
        select(func.max(ContestEntry.running_order)).where(
            ContestEntry.tenant_id == work.tenant, ContestEntry.contest_id == contest_id
        )
    )
    new = [
        {
            "contest_id": contest_id, "participant_id": person, "number": number, "facts": row.facts,
            "running_order": (last or 0) + i, "updated_at": work.now(),
        }
        for i, (row, person, number) in enumerate(zip(rows, people, numbers, strict=True), start=1)
    ]  # fmt: skip
    with naming_clashes():
        ids = await insert_many(work, ContestEntry, new)
    await _join(work, place, ids, chosen)
    registered = [
        ContestantRegistered(
            contestant_id=id_, contest_id=contest_id, participant_id=person, number=number, category_ids=joined
        )
        for id_, person, number, joined in zip(ids, people, numbers, chosen, strict=True)
    ]
    await eventlog.append_many(work, registered)
    return ids


@contextmanager
def naming_clashes() -> Iterator[None]:
    """Turn somebody else's entry of the same moment into a refusal. Raises NumberTaken, AlreadyEntered."""
    try:
        yield
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            if "number" in (error.orig.diag.constraint_name or ""):
                raise NumberTaken("Somebody was given this number just now: take another.") from error
            raise AlreadyEntered("Somebody entered this participant just now.") from error
        raise


async def _categories(work: Work, place: Place) -> dict[UUID, Category]:
    """The contest's categories, held in one order, so that none closes while somebody is entered."""
    query = select(Category).where(Category.tenant_id == work.tenant, Category.contest_id == place.contest.id)
    query = query.order_by(Category.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return {category.id: category for category in (await work.session.scalars(query)).all()}


def _choose(row: EntryCreate, i: int, categories: dict[UUID, Category]) -> list[UUID]:
    """The categories of a row: those asked for, else all in which entries may still change."""
    if row.category_ids is None:
        return [id_ for id_, c in categories.items() if c.state in roster.OPEN_STATES and c.locked_at is None]
    for n, id_ in enumerate(row.category_ids):
        where = FieldError(f"/rows/{i}/categoryIds/{n}", "no open category of this contest")
        if id_ not in categories:
            raise Invalid("This is no category of the contest.", errors=[where])
        if categories[id_].state not in roster.OPEN_STATES or categories[id_].locked_at is not None:
            raise CategoryClosed(f"'{categories[id_].name}' takes no entries any more: reopen it first.")
    return list(dict.fromkeys(row.category_ids))


async def _participants(work: Work, place: Place, rows: Sequence[EntryCreate]) -> list[UUID]:
    """The participant of each row; new ones are recorded. Raises Invalid, AlreadyEntered."""
    given = [row.participant_id for row in rows if row.participant_id is not None]
    here = Participant.tenant_id == work.tenant
    offered = select(Participant.id).where(here, Participant.id.in_(given), Participant.archived_at.is_(None))
    known = set((await work.session.scalars(offered)).all())
    entered = (await work.session.scalars(
        select(ContestEntry.participant_id).where(
            ContestEntry.tenant_id == work.tenant,
            ContestEntry.contest_id == place.contest.id,
            ContestEntry.participant_id.in_(given),
        )
    )).all()  # fmt: skip
    unknown = [
        FieldError(f"/rows/{i}/participantId", "no participant of this organisation, or an archived one")
        for i, row in enumerate(rows)
        if row.participant_id is not None and row.participant_id not in known
    ]
    if unknown:
        raise Invalid("Some participants are not known here.", errors=unknown)
    twice = {id_ for id_, n in Counter(given).items() if n > 1} | set(entered)
    doubled = [
        FieldError(f"/rows/{i}/participantId", "entered in this contest already")
        for i, row in enumerate(rows)
        if row.participant_id in twice
    ]
    if doubled:
        raise AlreadyEntered(f"A participant enters '{place.contest.name}' once.", errors=doubled)
    made = iter(await participants.add_participants(work, [row.participant for row in rows if row.participant]))
    return [row.participant_id or next(made) for row in rows]


async def _numbers(work: Work, place: Place, rows: Sequence[EntryCreate]) -> list[str | None]:
    """The number of each row: as given, drawn where the numbering is automatic, else none."""
    mode = numbering.numbering_of(place).mode
    given = [row.number for row in rows if row.number is not None]
    if given and mode == "none":
        faults = [FieldError(f"/rows/{i}/number", "not used here") for i, row in enumerate(rows) if row.number]
        raise NumberRefused(f"'{place.contest.name}' goes without numbers: leave them out.", errors=faults)
    worn = await numbering.taken(work, place.contest.id, given)
    twice = {number for number, n in Counter(given).items() if n > 1}
    clashes = [
        FieldError(f"/rows/{i}/number", f"{row.number} is worn by somebody else")
        for i, row in enumerate(rows)
        if row.number in worn | twice
    ]
    if clashes:
        raise NumberTaken("Numbers are unique in a contest: choose others.", errors=clashes)
    if mode != "auto":
        return [row.number for row in rows]
    drawn = iter(await numbering.draw(work, place, len(rows) - len(given), reserved=given))
    return [row.number or next(drawn) for row in rows]


async def _join(work: Work, place: Place, ids: Sequence[UUID], chosen: Sequence[Sequence[UUID]]) -> None:
    """Put the new entries into their categories."""
    pairs = [(category_id, id_) for id_, joined in zip(ids, chosen, strict=True) for category_id in joined]
    if pairs:
        lists = [list(column) for column in zip(*pairs, strict=True)]
        await work.sql(JOIN_CATEGORIES, (work.tenant, place.contest.id, *lists))
        await inputs.bump(work, {category_id for category_id, _ in pairs})
