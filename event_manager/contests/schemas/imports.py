"""Shapes of imports: what a file would do, and what it did."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from event_manager.contests.schemas.entries import Kind
from event_manager.kit.http import Wire


class ImportColumn(Wire):
    """A column of the file: what it is taken for (``field``), what its heading suggests, and its first values."""

    heading: str
    field: str | None
    suggestion: str | None
    samples: list[str]


class ImportFault(Wire):
    """Something that cannot be taken: where, what stands there, what is wrong and how to mend it."""

    line: int
    column: str | None
    value: str
    detail: str


class ImportRow(Wire):
    """A row as it would be entered. ``known``: the participant exists already and is entered as it is."""

    line: int
    name: str
    kind: Kind
    club: str
    country: str
    email: str | None
    number: str | None
    categories: list[str] | None
    facts: dict[str, str]
    known: bool


class ImportPreview(Wire):
    """What a file would do. It can be imported when there are no faults."""

    sheets: list[str]
    sheet: str
    columns: list[ImportColumn]
    total: int
    known: int
    rows: Annotated[list[ImportRow], Field(description="The first 20 rows that can be taken.")]
    faults: Annotated[list[ImportFault], Field(description="The first 200.")]
    more_faults: int


class ImportDone(Wire):
    """All rows were entered."""

    entry_ids: list[UUID]
    known: int
