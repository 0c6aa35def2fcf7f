"""The festival of the demo: one category judged, one being judged, one dance final, one still a draft."""

import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from event_manager.contests.schemas.entries import EntryCreate, ParticipantCreate
from event_manager.contests.schemas.levels import CategoryCreate, ContestCreate, CriterionPut, EventCreate
from event_manager.contests.schemas.panels import SeatCreate
from event_manager.contests.service import categories, contests, criteria, entries, events, panels, states
from event_manager.demo.people import Cast
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.scoring import queries, service
from event_manager.scoring.schemas import CategoryRulesIn, DeductionIn, MarkIn

SINGERS = [
    ("Tuva Marchetti", "Fjordside Music School", "NO"), ("Idris Kowal", "Northgate Academy", "PL"),
    ("Saga Delacroix", "Harbour Voices", "FR"), ("Mateo Lund", "Fjordside Music School", "NO"),
    ("Yuki Brandt", "Old Town Studio", "DE"), ("Leilani Moss", "Harbour Voices", "GB"),
    ("Oskar Adeyemi", "Northgate Academy", "SE"), ("Freya Castellanos", "Old Town Studio", "ES"),
]  # fmt: skip
COUPLES = [
    "Nils & Aurora Vance", "Pavel & Romy Iglesias", "Kwame & Linnea Strand",
    "Dario & Hedda Novak", "Anton & Priya Berglund", "Joss & Mila Fontaine",
]  # fmt: skip
TALENTS = ["The Paper Lanterns", "Juno & the Kettle", "Brass on Stilts", "Quiet Thunder", "Two Left Feet"]
DANCES = ["Waltz", "Tango", "Quickstep"]
SINGING = [("Voice", "1", "2"), ("Interpretation", "1", "1"), ("Stage presence", "1", "1")]


async def stage_festival(database: Database, cast: Cast) -> None:
    """Set everything up, step by step as people would."""
    async with cast.work(database, "organizer") as work:
        today = work.now().date()
        weekend = EventCreate(
            name="Lakeside Festival Weekend", venue="Lakeside Hall", starts_on=today, ends_on=today + timedelta(days=1)
        )
        event = await events.create_event(work, weekend)
        await events.set_event_status(work, event.id, "open")
        await work.commit()
        singing = (await contests.create_contest(work, event.id, ContestCreate(name="Young Voices"))).id
        dancing = (await contests.create_contest(work, event.id, ContestCreate(name="Ballroom Final"))).id
        variety = (await contests.create_contest(work, event.id, ContestCreate(name="Variety Night"))).id
        for contest in (singing, dancing):
            await contests.set_contest_status(work, contest, "open")
        await work.commit()
    await _singing(database, cast, singing)
    await _dancing(database, cast, dancing)
    await _variety(database, cast, variety)


async def _singing(database: Database, cast: Cast, contest: UUID) -> None:
    people = [ParticipantCreate(name=n, club=c, country=k) for n, c, k in SINGERS]
    ballad = await _category(database, cast, contest, "Ballad", SINGING, people, judges=5, rules="trimmed-mean")
    finale = await _category(database, cast, contest, "Free choice", SINGING, [], judges=3, rules="weighted-mean")
    await _judge(database, cast, ballad, judges=5, seed=11)
    async with cast.work(database, "tally") as work:
        entry = (await queries.of_category(work, queries.ENTRIES, ballad))[3]["entry_id"]
        late = DeductionIn(entry_id=entry, points="0.5", reason="Ran 40 seconds over the time limit")
        deduction = await service.request_deduction(work, ballad, late)
        await work.commit()
    async with cast.work(database, "organizer") as work:
        await service.approve_deduction(work, ballad, deduction.id)
        await work.commit()
    await _close(database, cast, ballad)
    await _judge(database, cast, finale, judges=2, seed=12, share=0.6)


async def _dancing(database: Database, cast: Cast, contest: UUID) -> None:
    people = [ParticipantCreate(name=name, kind="group", country="NO") for name in COUPLES]
    places = [("Place", "1", "1")]
    final = await _category(
        database, cast, contest, "Final", places, people, judges=5, rules="skating", parts=DANCES, most=len(COUPLES)
    )
    await _place(database, cast, final, judges=5)
    await _close(database, cast, final)


async def _variety(database: Database, cast: Cast, contest: UUID) -> None:
    async with cast.work(database, "organizer") as work:
        rows = [EntryCreate(participant=ParticipantCreate(name=name, kind="group")) for name in TALENTS]
        place = await categories.create_category(work, contest, CategoryCreate(name="Judges' vote"))
        await criteria.put_criteria(
            work, place.category.id, [CriterionPut(name="Originality", max=Decimal(20), step=Decimal(1))]
        )
        await entries.enter(work, contest, rows)
        await service.choose_rules(work, place.category.id, CategoryRulesIn(name="rank-sum"))
        await work.commit()


async def _category(
    database: Database,
    cast: Cast,
    contest: UUID,
    name: str,
    measures: Sequence[tuple[str, str, str]],
    people: Sequence[ParticipantCreate],
    *,
    judges: int,
    rules: str,
    parts: Sequence[str] = (),
    most: int = 10,
) -> UUID:
    """A category opened for judging."""
    async with cast.work(database, "organizer") as work:
        new = CategoryCreate(name=name, kind="dances" if parts else "single", part_names=list(parts))
        id_ = (await categories.create_category(work, contest, new)).category.id
        step = Decimal(1) if parts else Decimal("0.5")
        wanted = [
            CriterionPut(name=title, min=Decimal(low), max=Decimal(most), step=step, weight=Decimal(weight))
            for title, low, weight in measures
        ]
        await criteria.put_criteria(work, id_, wanted)
        if people:
            await entries.enter(work, contest, [EntryCreate(participant=person) for person in people])
        for n in range(judges):
            seat = SeatCreate(user_id=cast.ids[f"judge{n + 1}"], role="head" if n == 0 else "regular")
            await panels.add_seat(work, id_, seat)
        await service.choose_rules(work, id_, CategoryRulesIn(name=rules))
        await states.open_judging(work, id_)
        await work.commit()
    return id_


async def _judge(database: Database, cast: Cast, category: UUID, *, judges: int, seed: int, share: float = 1) -> None:
    """Believable marks: every act has a level, every judge a mood; ``share`` of the entries, in running order."""
    dice = random.Random(seed)  # noqa: S311 - the same demo each time
    for n in range(judges):
        async with cast.work(database, f"judge{n + 1}") as work:
            acts, measures = await _sheet(work, category)
            mood = dice.uniform(-0.6, 0.6)
            batch = [
                _mark(
                    act,
                    criterion,
                    f"{seed}-{n}-{i}-{c}",
                    _half(6.4 + (i * 7 % 5) * 0.6 + mood + dice.uniform(-0.8, 0.8)),
                )
                for i, act in enumerate(acts[: round(len(acts) * share)])
                for c, criterion in enumerate(measures)
            ]
        async with cast.work(database, f"judge{n + 1}") as work:
            await service.submit_marks(work, category, batch)


async def _place(database: Database, cast: Cast, category: UUID, *, judges: int) -> None:
    """Every judge places all couples in every dance, mostly of one mind."""
    dice = random.Random(5)  # noqa: S311 - the same demo each time
    for n in range(judges):
        async with cast.work(database, f"judge{n + 1}") as work:
            couples, (criterion,) = await _sheet(work, category)
        batch = []
        for dance in DANCES:
            order = sorted(range(len(couples)), key=lambda i: i + dice.uniform(-1.6, 1.6))
            batch += [
                _mark(couples[i], criterion, f"dance-{n}-{dance}-{i}", str(place + 1), part=dance)
                for place, i in enumerate(order)
            ]
        async with cast.work(database, f"judge{n + 1}") as work:
            await service.submit_marks(work, category, batch)


async def _close(database: Database, cast: Cast, category: UUID) -> None:
    async with cast.work(database, "tally") as work:
        await service.close_judging(work, category)
        await work.commit()


async def _sheet(work: Work, category: UUID) -> tuple[list[UUID], list[UUID]]:
    acts = [row["entry_id"] for row in await queries.of_category(work, queries.ENTRIES, category)]
    return acts, [row["id"] for row in await queries.of_category(work, queries.CRITERIA, category)]


def _mark(entry: UUID, criterion: UUID, key: str, value: str, part: str = "") -> MarkIn:
    return MarkIn(key=f"demo-{key}", entry_id=entry, criterion_id=criterion, value=value, part=part)


def _level(act: int) -> float:
    return 6.4 + (act * 7 % 5) * 0.6


def _half(level: float) -> str:
    return f"{min(20, max(2, round(level * 2))) / 2:.1f}"
