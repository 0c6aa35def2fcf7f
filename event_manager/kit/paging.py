"""Keyset pages: an opaque cursor over (sort value, id), never OFFSET."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from event_manager.kit.errors import FieldError, Invalid
from event_manager.kit.work import Work

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class BadCursor(Invalid):
    """This cursor cannot be used."""


def encode(values: Sequence[object]) -> str:
    """An opaque cursor of a row's sort values."""
    raw = json.dumps([None if v is None else str(v) if not isinstance(v, datetime) else v.isoformat() for v in values])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode(cursor: str, columns: Sequence[InstrumentedAttribute[Any]]) -> list[Any]:
    """The sort values in a cursor, as the columns' types. Raises BadCursor."""
    refuse = BadCursor(
        "Take the cursor from 'nextCursor' of the page before, with the same sort.",
        errors=[FieldError("/query/cursor", "not a cursor of this list")],
    )
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(raw, list) or len(raw) != len(columns):
            raise refuse
        return [_parse(value, column) for value, column in zip(raw, columns, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError, binascii.Error) as error:
        raise refuse from error


def _parse(value: object, column: InstrumentedAttribute[Any]) -> Any:
    kind = column.type.python_type
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    value.encode()  # half of a surrogate pair is no text; the error is a ValueError
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if kind is UUID:
        return UUID(value)
    if kind in (int, str, Decimal):
        return kind(value)
    raise ValueError(kind)


async def keyset(
    work: Work,
    select: Select[tuple[Any]],
    columns: Sequence[InstrumentedAttribute[Any]],
    *,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
    descending: bool = False,
) -> tuple[list[Any], str | None]:
    """One page of entities and the cursor of the next.

    ``columns`` are the sort columns, not nullable, the last one unique (the id). ``limit`` is 1 to 200.
    """
    if cursor is not None:
        values = decode(cursor, columns)
        bound = tuple_(*[literal(v, c.type) for v, c in zip(values, columns, strict=True)])
        row = tuple_(*columns)
        select = select.where(row < bound if descending else row > bound)
    order = [c.desc() if descending else c.asc() for c in columns]
    rows = list((await work.session.scalars(select.order_by(*order).limit(limit + 1))).all())
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode([getattr(last, c.key) for c in columns])
