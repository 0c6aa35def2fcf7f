"""Entries and judges files: who takes part and what is known about them besides marks."""

from collections.abc import Collection, Iterator, Sequence
from typing import get_args

from event_manager.tabulation.facts import SEGMENT, STATE
from event_manager.tabulation.files.columns import UNIT, key
from event_manager.tabulation.files.records import Record, records
from event_manager.tabulation.files.sheet import Sheet
from event_manager.tabulation.files.troubles import Troubles
from event_manager.tabulation.model import Entry, FactRow, Judge, State

ALL_ENTRIES = "*"
STATES: dict[str, State] = {key(state): state for state in get_args(State)}
STATES |= {"wd": "withdrawn", "didnotstart": "dns", "didnotfinish": "dnf", "disqualified": "dq", "dsq": "dq"}
ROLES = ("judge", "head", "tie-break", "shadow")


def read_entries(
    sheet: Sheet | None, facts: Collection[str], troubles: Troubles
) -> tuple[Sequence[Entry], Sequence[FactRow]]:
    """The entries, in the order they are first named, and one fact row per filled cell of a fact column.

    A row may be about one part, criterion or category; `*` in the entry column makes it about all entries.
    """
    if sheet is None:
        return (), ()
    columns = ("entry", "name", "order", "club", *UNIT, STATE, *facts)
    entries: dict[str, Entry] = {}
    stated: list[FactRow] = []
    for record in records(sheet, columns, troubles, required=("entry",)):
        entry = _read_entry(record)
        if entry.id != ALL_ENTRIES:
            entries[entry.id] = _merge(entries.get(entry.id), entry, record)
        stated.extend(_read_facts(record, "" if entry.id == ALL_ENTRIES else entry.id, facts))
    return tuple(entries.values()), stated


def _read_entry(record: Record) -> Entry:
    return Entry(
        id=record.name("entry", needed=True),
        name=record.name("name"),
        order=_read_order(record),
        club=record.name("club"),
        where=record.where("entry"),
    )


def _read_order(record: Record) -> int | None:
    text = record.number("order")
    if text and not (text.isdigit() and int(text)):
        record.note(f"the running order is a whole number from 1, not {text}", "order")
        return None
    return int(text) if text else None


def _merge(known: Entry | None, entry: Entry, record: Record) -> Entry:
    """What two rows say about one entry; a blank says nothing."""
    if known is None:
        return entry
    for column in ("name", "order", "club"):
        before, now = getattr(known, column), getattr(entry, column)
        if before and now and before != now:
            line = known.where.line if known.where else 0
            record.note(f"{entry.id} has {column} {now} here and {before} in line {line}", column)
    return known._replace(
        name=known.name or entry.name, order=known.order or entry.order, club=known.club or entry.club
    )


def _read_facts(record: Record, entry: str, facts: Collection[str]) -> Iterator[FactRow]:
    part, criterion, category = (record.name(column) for column in UNIT)
    for fact in (STATE, *facts):
        value = _read_fact(record, fact)
        if value:
            yield FactRow(entry, fact, value, part, criterion, category, record.where(fact))


def _read_fact(record: Record, fact: str) -> str:
    if fact == STATE:
        return _read_state(record)
    return record.name(fact) if fact == SEGMENT else record.number(fact)


def _read_state(record: Record) -> str:
    word = record.word("state")
    if word and key(word) not in STATES:
        record.note(f"“{word}” is no state; known are {', '.join(get_args(State))}", "state")
    return STATES.get(key(word), "")


def read_judges(sheet: Sheet | None, troubles: Troubles) -> Sequence[Judge]:
    """The panel: one row per judge."""
    if sheet is None:
        return ()
    judges: dict[str, Judge] = {}
    for record in records(sheet, ("judge", "name", "role", "group", "club"), troubles, required=("judge",)):
        judge = _read_judge(record)
        if judge.id in judges:
            record.note(f"{judge.id} is named twice", "judge")
        judges[judge.id] = judge
    return tuple(judges.values())


def _read_judge(record: Record) -> Judge:
    role = record.word("role") or "judge"
    if key(role) not in {key(known) for known in ROLES}:
        record.note(f"“{role}” is no role; known are {', '.join(ROLES)}", "role")
    return Judge(
        id=record.name("judge", needed=True),
        name=record.name("name"),
        head=role == "head",
        tie_break=key(role) == "tiebreak",
        shadow=role == "shadow",
        group=record.name("group"),
        club=record.name("club"),
    )
