"""Reads of the log, under the tenant's row security; the search is one SQL function (see event_log_search.sql)."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from uuid import UUID

import orjson

from event_manager.eventlog import persons
from event_manager.eventlog.catalogue import newest
from event_manager.eventlog.errors import EntryNotFound, UnknownEventType
from event_manager.eventlog.types import EventType
from event_manager.kit.db import Row
from event_manager.kit.errors import FieldError
from event_manager.kit.work import Work

MOST_COUNTED, MOST_COUNTED_BY_WORDS = 1000, 100
TRACE_LIMIT = 200
COLUMNS = """l.id, l.tenant_id, l.type, l.version, l.entity_type, l.entity_id, l.actor_kind, l.actor_id, l.actor_name,
           l.address, l.correlation_id, l.causation_id, l.at, l.body, l.pii"""
SEARCH = (
    "event_log_search(%(types)s::text[], %(entity)s::uuid, %(actor)s::uuid, %(correlation)s::text,"
    " %(start)s::timestamptz, %(end)s::timestamptz, %(words)s::text, %(searchable)s::text[], %(before)s::uuid,"
    " %(limit)s::int)"
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What entries must fit; None is anything. ``types``: names, or patterns as ``score.*``."""

    types: Sequence[str] | None = None
    entity_type: str | None = None
    entity_id: UUID | None = None
    actor_id: UUID | None = None
    correlation_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    words: str | None = None


def known_types() -> list[type[EventType]]:
    """Every type the code knows, by name, the newest version of each."""
    return newest()


def is_embargoed(name: str) -> bool:
    """Whether what an entry of this type says must stay unseen until it is published."""
    return any(cls.sensitivity == "embargoed" for (known, _), cls in EventType.registry.items() if known == name)


async def search(
    work: Work, filters: Filters, *, before: UUID | None = None, limit: int = 50, offset: int = 0
) -> list[Row]:
    """Entries that fit, newest first, older than the entry ``before``. Raises UnknownEventType."""
    given = _parameters(filters, before=before, limit=offset + limit)
    rows = await work.sql(
        f"""SELECT {COLUMNS} FROM event_log l
             WHERE l.id = ANY (ARRAY(SELECT id FROM {SEARCH} AS i(id) OFFSET %(offset)s)) ORDER BY l.id DESC""",  # noqa: S608 - constants of this module
        {**given, "offset": offset},
    )
    return await persons.reveal(work, rows)


async def count(work: Work, filters: Filters) -> tuple[int, bool]:
    """How many entries fit, counted up to a bound, and whether that is all of them.

    The bound is lower for words: beyond it their index would have to be read to its end.
    """
    bound = MOST_COUNTED if filters.words is None else MOST_COUNTED_BY_WORDS
    given = _parameters(filters, before=None, limit=bound)
    [row] = await work.sql(f"SELECT count(*) AS n FROM {SEARCH}", given)  # noqa: S608 - constants of this module
    return int(row["n"]), row["n"] < bound


async def search_and_count(
    work: Work, filters: Filters, *, before: UUID | None = None, limit: int = 50, offset: int = 0
) -> tuple[list[Row], int, bool]:
    """`search` with `count`. The first page of a search for words walks their index once for both."""
    if before is not None or filters.words is None:
        rows = await search(work, filters, before=before, limit=limit, offset=offset)
        return rows, *await count(work, filters)
    given = _parameters(filters, before=None, limit=max(offset + limit, MOST_COUNTED_BY_WORDS))
    found = [row["id"] for row in await work.sql(f"SELECT i.id FROM {SEARCH} AS i(id)", given)]  # noqa: S608 - constant
    entries = await by_ids(work, found[offset : offset + limit])
    rows = [entries[entry] for entry in sorted(entries, reverse=True)]
    return rows, min(len(found), MOST_COUNTED_BY_WORDS), len(found) < MOST_COUNTED_BY_WORDS


async def get_entry(work: Work, entry_id: UUID) -> Row:
    """One entry. Raises EntryNotFound."""
    rows = await work.sql(f"SELECT {COLUMNS} FROM event_log l WHERE l.id = %s", (entry_id,))  # noqa: S608 - constant
    if not rows:
        raise EntryNotFound("There is no such entry in the log.")
    return (await persons.reveal(work, rows))[0]


async def by_ids(work: Work, ids: Sequence[UUID], *, words: str | None = None) -> dict[UUID, Row]:
    """Entries by their ids; only those with these words in the payload, where given."""
    rows = await work.sql(
        f"""SELECT {COLUMNS} FROM event_log l
             WHERE l.id = ANY (%(ids)s)
               AND (%(words)s::text IS NULL OR (l.type = ANY (%(searchable)s)
                    AND event_log_words(l.tenant_id, l.body) @@ plainto_tsquery('simple', %(words)s)))""",  # noqa: S608 - constants
        {"ids": list(ids), "words": words, "searchable": _searchable()},
    )
    return {row["id"]: row for row in await persons.reveal(work, rows)}


async def trace(work: Work, correlation_id: str) -> list[Row]:
    """What happened under one correlation id, oldest first, at most `TRACE_LIMIT` entries."""
    if not correlation_id:
        return []
    given = _parameters(Filters(correlation_id=correlation_id), before=None, limit=TRACE_LIMIT)
    rows = await work.sql(
        f"SELECT {COLUMNS} FROM event_log l WHERE l.id = ANY (ARRAY(SELECT {SEARCH})) ORDER BY l.id",  # noqa: S608 - constants
        given,
    )
    return await persons.reveal(work, rows)


def payload_of(row: Row) -> dict[str, Any]:
    """What an entry says; of an embargoed type its ids only."""
    payload: dict[str, Any] = orjson.loads(row["body"])
    if not is_embargoed(row["type"]):
        payload.update(row["personal"])
        return payload
    return {name: value for name, value in payload.items() if name.endswith("Id")}


def _parameters(filters: Filters, *, before: UUID | None, limit: int) -> dict[str, Any]:
    return {
        "types": type_names(filters), "entity": filters.entity_id, "actor": filters.actor_id,
        "correlation": filters.correlation_id, "start": filters.start, "end": filters.end, "words": filters.words,
        "searchable": _searchable(),
        "before": before, "limit": limit,
    }  # fmt: skip


def _searchable() -> list[str]:
    return [cls.name for cls in known_types() if not is_embargoed(cls.name)]


def type_names(filters: Filters) -> list[str] | None:
    """The names that the patterns and the kind of entity stand for; None when neither is given.

    Raises UnknownEventType.
    """
    known = known_types()
    chosen = {cls.name for cls in known}
    if filters.types is not None and "*" not in filters.types:
        chosen = {name for pattern in filters.types for name in _matching(pattern, chosen)}
    elif filters.entity_type is None:
        return None
    if filters.entity_type is not None:
        _refuse_unknown_entity(filters.entity_type)
        chosen &= {cls.name for cls in known if cls.entity_type == filters.entity_type}
    return sorted(chosen)


def _matching(pattern: str, known: set[str]) -> set[str]:
    found = {name for name in known if name == pattern or (pattern.endswith(".*") and fnmatchcase(name, pattern))}
    if not found:
        near = difflib.get_close_matches(pattern, sorted(known), n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else "."
        raise UnknownEventType(
            f"There is no event type '{pattern}'{hint} GET /api/events/types lists them; 'score.*' stands for several.",
            errors=[FieldError("/query/eventType", "no such type")],
        )
    return found


def _refuse_unknown_entity(name: str) -> None:
    kinds = sorted({cls.entity_type for cls in known_types()})
    if name not in kinds:
        raise UnknownEventType(
            f"Nothing in the log happens to a '{name}'; there are: {', '.join(kinds)}.",
            errors=[FieldError("/query/entityType", "no such entity type")],
        )
