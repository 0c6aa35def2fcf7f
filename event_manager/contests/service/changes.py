"""Applying a partial change to a row, and telling what it changed."""

from collections.abc import Collection
from decimal import Decimal

import orjson

from event_manager.contests.event_types import Changes
from event_manager.contests.models import Category, Contest, ContestEntry, Event, Participant
from event_manager.contests.schemas.common import plain
from event_manager.kit.http import Wire
from event_manager.kit.work import Work

Versioned = Event | Contest | Category | Participant | ContestEntry


def wanted(change: Wire, nullable: Collection[str] = ()) -> dict[str, object]:
    """The fields somebody gave. Null counts only for ``nullable`` ones; elsewhere it leaves the field as it is."""
    given = {name: getattr(change, name) for name in change.model_fields_set}
    return {name: value for name, value in given.items() if value is not None or name in nullable}


def assign(work: Work, row: Versioned, fields: dict[str, object]) -> Changes:
    """Set the fields that differ; answers {field: (old, new)} as text, empty when nothing differs. Does not flush."""
    told: Changes = {}
    for name, new in fields.items():
        old = getattr(row, name)
        if old != new:
            told[name] = (as_text(old), as_text(new))
            setattr(row, name, new)
    if told:
        row.updated_at = work.now()
    return told


def as_text(value: object) -> str | None:
    """A value as it stands in the log."""
    if value is None:
        return None
    if isinstance(value, dict | list):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return plain(value) if isinstance(value, Decimal) else str(value)
