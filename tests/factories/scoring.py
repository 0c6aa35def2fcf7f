"""A category ready to be judged: two criteria, entries, Judith and Jo on the panel, the weighted mean as rule set."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from event_manager.contests.models import (
    Category,
    CategoryEntry,
    Contest,
    ContestEntry,
    Criterion,
    Event,
    PanelSeat,
    Participant,
)
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.scoring.models import CategoryRules
from event_manager.tabulation.library import load_rule_set
from tests.people import People


@dataclass(frozen=True)
class Stage:
    """Ids of what was set up; ``entries`` in running order, ``seats`` by judge's first name."""

    tenant: UUID
    event: UUID
    contest: UUID
    category: UUID
    criteria: list[UUID]
    entries: list[UUID]
    seats: dict[str, UUID]

    @property
    def base(self) -> str:
        """Address of the category's scoring."""
        return f"/api/scoring/categories/{self.category}"


async def a_stage(
    database: Database,
    people: People,
    *,
    judges: tuple[str, ...] = ("judith", "jo"),
    entries: int = 3,
    criteria: tuple[str, ...] = ("voice", "poise"),
    rules: str = "weighted-mean",
    state: str = "judging",
    parts: tuple[str, ...] = (),
) -> Stage:
    """Write one, for good (the `app` fixture removes it)."""
    tenant = people[judges[0]].tenant_id
    async with Work(database, role="platform", tenant_id=tenant) as work:
        session = work.session
        own = {"tenant_id": tenant}
        event = Event(**own, name="Harbour Games")
        session.add(event)
        await session.flush()
        contest = Contest(**own, event_id=event.id, name="Singing")
        session.add(contest)
        await session.flush()
        kind = {"kind": "dances", "part_names": list(parts)} if parts else {}
        category = Category(**own, contest_id=contest.id, name="Solo", state=state, **kind)
        session.add(category)
        await session.flush()
        measured = [
            Criterion(**own, category_id=category.id, key=key, name=key.title(), max=Decimal(10), step=Decimal("0.5"))
            for key in criteria
        ]
        acts = [Participant(**own, name=f"Act {n + 1}", name_key=f"act {n + 1}") for n in range(entries)]
        session.add_all([*measured, *acts])
        await session.flush()
        entered = [
            ContestEntry(**own, contest_id=contest.id, participant_id=act.id, number=str(n + 1), running_order=n + 1)
            for n, act in enumerate(acts)
        ]
        session.add_all(entered)
        await session.flush()
        here = {**own, "contest_id": contest.id, "category_id": category.id}
        starts = [CategoryEntry(**here, contest_entry_id=entry.id) for entry in entered]
        seats = [
            PanelSeat(**own, category_id=category.id, user_id=people[name].id, label=f"J{n + 1}")
            for n, name in enumerate(judges)
        ]
        document = load_rule_set(rules).model_dump(mode="json", by_alias=True, exclude={"cases"})
        chosen = CategoryRules(**own, category_id=category.id, name=rules, document=document)
        session.add_all([*starts, *seats, chosen])
        await session.flush()
        await work.commit()
    return Stage(
        tenant=tenant or uuid4(),
        event=event.id,
        contest=contest.id,
        category=category.id,
        criteria=[c.id for c in measured],
        entries=[entry.id for entry in entered],
        seats={name: seat.id for name, seat in zip(judges, seats, strict=True)},
    )


def mark(stage: Stage, entry: int, criterion: int, value: str | None, **more: object) -> dict[str, object]:
    """One mark on the wire; entries and criteria count from 0."""
    unit = {"entryId": str(stage.entries[entry]), "criterionId": str(stage.criteria[criterion])}
    return {"key": f"key-{uuid4().hex}", "value": value, **unit, **more}


def all_marks(stage: Stage, values: list[tuple[str, ...]]) -> dict[str, object]:
    """A judge's whole sheet: one tuple of marks per entry."""
    return {"marks": [mark(stage, e, c, value) for e, row in enumerate(values) for c, value in enumerate(row)]}
