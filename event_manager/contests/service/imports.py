"""Importing entrants from a file: look first (nothing is written), then all rows or none."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from uuid import UUID

import orjson
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from event_manager.contests.errors import RowsRefused
from event_manager.contests.imports.columns import FACT, FIELDS, suggest_all
from event_manager.contests.imports.rows import FACT_NAME, Entrant, Reader
from event_manager.contests.imports.sheets import Sheet, read_sheet
from event_manager.contests.models import Category, ContestEntry, Participant
from event_manager.contests.names import fold
from event_manager.contests.queries.places import Place, editable_contest
from event_manager.contests.schemas.entries import EntryCreate, ParticipantCreate
from event_manager.contests.schemas.imports import ImportColumn, ImportDone, ImportPreview, ImportRow
from event_manager.contests.service import entries, numbering, roster
from event_manager.kit.errors import FieldError, Invalid
from event_manager.kit.work import Work

MOST_SHOWN = 20
MOST_FAULTS = 200
MAPPING = TypeAdapter(dict[str, str | None])


@dataclass(slots=True)
class Plan:
    """A file, read and checked against the contest. ``known`` and ``categories`` go by line."""

    sheet: Sheet
    mapping: dict[str, str]
    reader: Reader
    entrants: list[Entrant]
    known: dict[int, UUID]
    categories: dict[int, list[UUID] | None]


async def preview(
    work: Work, contest_id: UUID, data: bytes, *, sheet: str | None = None, mapping: str | None = None
) -> ImportPreview:
    """What the file would do; writes nothing. Raises UnreadableFile, Invalid (mapping), Locked."""
    plan = await _plan(work, contest_id, data, sheet=sheet, mapping=mapping)
    faults = sorted(plan.reader.faults, key=lambda fault: fault.line)
    bad = {fault.line for fault in faults}
    suggestions = suggest_all(plan.sheet.headings)
    return ImportPreview(
        sheets=plan.sheet.sheets,
        sheet=plan.sheet.name,
        columns=[
            ImportColumn(
                heading=heading, field=plan.mapping.get(heading), suggestion=suggestions.get(heading),
                samples=_samples(plan.sheet, i),
            )
            for i, heading in enumerate(plan.sheet.headings)
        ],
        total=len(plan.sheet.lines),
        known=len(plan.known),
        rows=[_row(plan, one) for one in plan.entrants if one.line not in bad][:MOST_SHOWN],
        faults=faults[:MOST_FAULTS],
        more_faults=max(0, len(faults) - MOST_FAULTS),
    )  # fmt: skip


async def run(
    work: Work, contest_id: UUID, data: bytes, *, sheet: str | None = None, mapping: str | None = None
) -> ImportDone:
    """Enter every row of the file. Raises RowsRefused naming each fault by line and column; then none was entered."""
    plan = await _plan(work, contest_id, data, sheet=sheet, mapping=mapping)
    faults = sorted(plan.reader.faults, key=lambda fault: fault.line)
    if faults or not plan.entrants:
        raise RowsRefused(
            f"{len(faults)} cells cannot be taken: mend them, send it again." if faults else "No row to enter.",
            errors=[FieldError(f"/lines/{f.line}/{f.column or ''}", f.detail) for f in faults[:MOST_FAULTS]],
            extra={"faults": [fault.model_dump(by_alias=True) for fault in faults[:MOST_FAULTS]]},
        )
    rows = [_entry(plan, one) for one in plan.entrants]
    return ImportDone(entry_ids=await entries.enter(work, contest_id, rows), known=len(plan.known))


async def _plan(work: Work, contest_id: UUID, data: bytes, *, sheet: str | None, mapping: str | None) -> Plan:
    place = await editable_contest(work, contest_id, "entries:edit")
    table = await asyncio.to_thread(read_sheet, data, sheet)
    chosen = _mapping(table, mapping)
    reader = Reader(table, chosen)
    entrants = reader.read()
    categories = await _categories(work, place, reader, entrants)
    await _numbers(work, place, reader, entrants)
    known = await _known(work, place, reader, entrants)
    return Plan(table, chosen, reader, entrants, known, categories)


def _mapping(table: Sheet, given: str | None) -> dict[str, str]:
    """Headings to fields: as given, else as suggested. Raises Invalid."""
    if given is None:
        chosen = suggest_all(table.headings)
    else:
        try:
            parsed = MAPPING.validate_python(orjson.loads(given))
        except (orjson.JSONDecodeError, ValidationError) as error:
            raise Invalid(
                'The mapping is a JSON object of headings to fields, such as {"Startnr.": "number"}.',
                errors=[FieldError("/mapping", "not an object of texts")],
            ) from error
        chosen = {heading: field for heading, field in parsed.items() if field}
    faults = [f"there is no column '{heading}'" for heading in chosen if table.headings.count(heading) == 0]
    faults += [f"several columns are called '{heading}'" for heading in chosen if table.headings.count(heading) > 1]
    faults += [f"'{field}' is no field" for field in chosen.values() if not _is_field(field)]
    doubled = sorted({field for field in chosen.values() if list(chosen.values()).count(field) > 1})
    faults += [f"two columns mean '{field}'" for field in doubled]
    if not {"name", "first_name", "last_name"} & set(chosen.values()):
        faults.append("no column holds the name")
    if faults and given is None:
        return {}
    if faults:
        known = ", ".join((*FIELDS, "fact:..."))
        errors = [FieldError("/mapping", fault) for fault in faults]
        raise Invalid(f"The columns cannot be read so: {'; '.join(faults)}. Fields are {known}.", errors=errors)
    return chosen


def _is_field(name: str) -> bool:
    if not name.startswith(FACT):
        return name in FIELDS
    try:
        FACT_NAME.validate_python(name.removeprefix(FACT))
    except ValidationError:
        return False
    return True


async def _categories(
    work: Work, place: Place, reader: Reader, entrants: list[Entrant]
) -> dict[int, list[UUID] | None]:
    """The categories of each line, by their names. None where the file does not say."""
    query = select(Category).where(Category.tenant_id == work.tenant, Category.contest_id == place.contest.id)
    names: dict[str, Category] = {fold(one.name): one for one in (await work.session.scalars(query)).all()}
    found: dict[int, list[UUID] | None] = {}
    for one in entrants:
        if one.categories is None:
            found[one.line] = None
            continue
        ids = []
        for name in one.categories:
            category = names.get(fold(name))
            if category is None:
                near = get_close_matches(fold(name), names, n=1)
                hint = f"; is '{names[near[0]].name}' meant?" if near else ""
                reader.fault(one.line, "categories", name, f"is no category of this contest{hint}")
            elif category.state not in roster.OPEN_STATES or category.locked_at is not None:
                reader.fault(one.line, "categories", name, "takes no entries any more")
            else:
                ids.append(category.id)
        found[one.line] = ids
    return found


async def _numbers(work: Work, place: Place, reader: Reader, entrants: list[Entrant]) -> None:
    given = [one.number for one in entrants if one.number is not None]
    unused = numbering.numbering_of(place).mode == "none"
    worn = set() if unused else await numbering.taken(work, place.contest.id, given)
    for one in entrants:
        if one.number is not None and unused:
            reader.fault(one.line, "number", one.number, "this contest goes without numbers; leave the column out")
        elif one.number in worn:
            reader.fault(one.line, "number", one.number or "", "is worn by somebody else in this contest")


async def _known(work: Work, place: Place, reader: Reader, entrants: list[Entrant]) -> dict[int, UUID]:
    """Lines whose participant the organisation knows: same address, else same name, club and kind."""
    keys = {fold(one.name) for one in entrants}
    query = select(Participant).where(
        Participant.tenant_id == work.tenant, Participant.archived_at.is_(None), Participant.name_key.in_(keys)
    )
    by_name: dict[str, list[Participant]] = defaultdict(list)
    for participant in (await work.session.scalars(query.order_by(Participant.id))).all():
        by_name[participant.name_key].append(participant)
    entered = set((await work.session.scalars(
        select(ContestEntry.participant_id).where(
            ContestEntry.tenant_id == work.tenant, ContestEntry.contest_id == place.contest.id
        )
    )).all())  # fmt: skip
    known: dict[int, UUID] = {}
    for one in entrants:
        same = _same(one, by_name[fold(one.name)])
        if len(same) > 1:
            reader.fault(one.line, "name", one.name, "fits several participants: tell them apart by e-mail address")
        elif same and same[0].id in entered:
            reader.fault(one.line, "name", one.name, "is entered in this contest already")
        elif same:
            known[one.line] = same[0].id
    return known


def _same(one: Entrant, namesakes: list[Participant]) -> list[Participant]:
    addressed = [p for p in namesakes if one.email and p.email and p.email.lower() == one.email.lower()]
    if addressed:
        return addressed
    return [
        p for p in namesakes
        if p.kind == one.kind and fold(p.club) == fold(one.club) and not (one.email and p.email)
    ]  # fmt: skip


def _samples(sheet: Sheet, i: int) -> list[str]:
    cells = [line.cells[i] for line in sheet.lines[:20] if i < len(line.cells)]
    return [cell if isinstance(cell, str) else cell.text for cell in cells if cell][:3]


def _row(plan: Plan, one: Entrant) -> ImportRow:
    return ImportRow(
        line=one.line, name=one.name, kind=one.kind, club=one.club, country=one.country, email=one.email,
        number=one.number, categories=one.categories, facts=one.facts, known=one.line in plan.known,
    )  # fmt: skip


def _entry(plan: Plan, one: Entrant) -> EntryCreate:
    person = plan.known.get(one.line)
    new = ParticipantCreate(name=one.name, kind=one.kind, club=one.club, country=one.country, email=one.email)
    return EntryCreate(
        participant_id=person,
        participant=None if person else new,
        number=one.number,
        facts=dict(one.facts),
        category_ids=plan.categories[one.line],
    )
