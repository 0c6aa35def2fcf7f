"""Writes of criteria: the whole list at once."""

import re
import unicodedata
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from event_manager import eventlog
from event_manager.contests.errors import CriteriaFrozen
from event_manager.contests.event_types import CriterionAdded, CriterionChanged, CriterionRemoved
from event_manager.contests.models import Category, Criterion, PanelSeat
from event_manager.contests.queries.levels import list_criteria
from event_manager.contests.queries.places import Place, VersionCheck, any_version, editable_category
from event_manager.contests.schemas.common import plain
from event_manager.contests.schemas.levels import CriterionPut
from event_manager.contests.service import changes, inputs, roster
from event_manager.eventlog import EventType
from event_manager.kit.errors import FieldError, Invalid
from event_manager.kit.work import Work

FIELDS = ("key", "name", "min", "max", "step", "weight")
LATE = {"name", "weight"}
"""What may still change while marks are being given: it moves no mark out of its range."""

SWAPS_ALLOWED = "SET CONSTRAINTS criteria_tenant_id_category_id_key_key DEFERRED"
SWAPS_CHECKED = "SET CONSTRAINTS criteria_tenant_id_category_id_key_key IMMEDIATE"


async def put_criteria(
    work: Work, category_id: UUID, wanted: list[CriterionPut], *, seen: VersionCheck = any_version
) -> Place:
    """Make the category's criteria this list, in this order: what has an id is changed, what is left out is removed.

    While judging goes on only names, weights and order may change, from the first mark on only names: weights and
    order decide places. Raises CriteriaFrozen, CategoryClosed, Locked.
    """
    place = await editable_category(work, category_id, hold=True)
    category = place.category
    seen(category.version)
    roster.check_open(category, "its criteria change")
    present = {criterion.id: criterion for criterion in await list_criteria(work, category_id)}
    _check_ids(wanted, set(present))
    keys = _keys(wanted, present)
    await _refuse_after_marks(work, category, wanted, list(present.values()))
    kept = {new.id for new in wanted if new.id is not None}
    told: list[EventType] = [await _remove(work, category, old) for id_, old in present.items() if id_ not in kept]
    await work.session.flush()
    await work.sql(SWAPS_ALLOWED)
    for place_in_list, (new, key) in enumerate(zip(wanted, keys, strict=True), start=1):
        row = present[new.id] if new.id is not None else None
        told += await _put(work, category, row, new, key=key, sort_order=place_in_list)
    if told:
        category.updated_at = work.now()
        flag_modified(category, "updated_at")  # the list's version is the category's
        await work.session.flush()
        await inputs.bump(work, [category_id])
    await work.sql(SWAPS_CHECKED)
    await eventlog.append_many(work, told)
    return place


def make_key(name: str) -> str:
    """A key from a name: "Ausdruck & Haltung" is ausdruck_haltung; "criterion" where nothing is left."""
    folded = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", folded).strip("_")[:60] or "criterion"


def _check_ids(wanted: list[CriterionPut], present: set[UUID]) -> None:
    given = [new.id for new in wanted]
    faults = [
        FieldError(f"/criteria/{i}/id", "stands twice" if id_ in present else "no criterion of this category")
        for i, id_ in enumerate(given)
        if id_ is not None and (id_ not in present or id_ in given[:i])
    ]
    if faults:
        raise Invalid("Some ids are not criteria of this category, or stand twice.", errors=faults)


def _keys(wanted: list[CriterionPut], present: dict[UUID, Criterion]) -> list[str]:
    """The key of each: as given, as it was, or made from the name and unlike the others."""
    keys = [new.key or (present[new.id].key if new.id is not None else None) for new in wanted]
    taken = [key for key in keys if key is not None]
    faults = [FieldError(f"/criteria/{i}/key", "stands twice") for i, key in enumerate(keys) if key and key in keys[:i]]
    if faults:
        raise Invalid("Each criterion needs a key of its own.", errors=faults)
    made: list[str] = []
    for new, key in zip(wanted, keys, strict=True):
        base, n, chosen = make_key(new.name), 1, key
        while chosen is None or (key is None and chosen in taken):
            chosen = base if n == 1 else f"{base[:55]}_{n}"
            n += 1
        if key is None:
            taken.append(chosen)
        made.append(chosen)
    return made


async def _refuse_after_marks(
    work: Work, category: Category, wanted: list[CriterionPut], present: list[Criterion]
) -> None:
    """Raise CriteriaFrozen when weights or order would change under marks that have been given."""
    before = [(criterion.id, criterion.weight) for criterion in present]
    if category.state == "draft" or [(new.id, new.weight) for new in wanted if new.id is not None] == before:
        return
    marked = select(PanelSeat.id).where(
        PanelSeat.tenant_id == work.tenant, PanelSeat.category_id == category.id, PanelSeat.marks_version > 0
    )
    if await work.session.scalar(marked.limit(1)) is not None:
        raise CriteriaFrozen(
            f"Marks have been given in '{category.name}', so weights and order of its criteria stay as they are; "
            "for others clone the category."
        )


def _refuse_late(category: Category, what: str) -> None:
    if category.state != "draft":
        raise CriteriaFrozen(
            f"'{category.name}' is being judged, so {what}. Names, weights and order may change; "
            "for other criteria clone the category."
        )


async def _remove(work: Work, category: Category, old: Criterion) -> CriterionRemoved:
    _refuse_late(category, f"'{old.name}' cannot be removed")
    await work.session.delete(old)
    return CriterionRemoved(category_id=category.id, criterion_id=old.id, key=old.key)


async def _put(
    work: Work, category: Category, row: Criterion | None, new: CriterionPut, *, key: str, sort_order: int
) -> list[EventType]:
    values = {name: key if name == "key" else getattr(new, name) for name in FIELDS}
    if row is None:
        _refuse_late(category, f"'{new.name}' cannot be added")
        row = Criterion(tenant_id=work.tenant, category_id=category.id, sort_order=sort_order, **values)
        work.session.add(row)
        await work.session.flush()
        numbers = {name: plain(getattr(new, name)) for name in ("min", "max", "step", "weight")}
        return [CriterionAdded(category_id=category.id, criterion_id=row.id, key=key, **numbers)]
    differing = {name for name, value in values.items() if getattr(row, name) != value}
    if differing - LATE:
        _refuse_late(category, f"{' and '.join(sorted(differing - LATE))} of '{row.name}' cannot change")
    told = {name: (changes.as_text(getattr(row, name)), changes.as_text(values[name])) for name in sorted(differing)}
    for name in differing:
        setattr(row, name, values[name])
    if row.sort_order != sort_order:
        told["sort_order"] = (str(row.sort_order), str(sort_order))
        row.sort_order = sort_order
    return [CriterionChanged(category_id=category.id, criterion_id=row.id, changes=told)] if told else []
