"""The table census: one declaration per table, the single source for policies, exports, purges and isolation tests.

A table is declared where it is defined: ``__table_args__`` ends with ``census(room=..., ...)``.
"""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import MetaData, Table

KEY = "census"
Tenancy = Literal["tenant", "global"]


@dataclass(frozen=True, slots=True)
class Census:
    """What everybody must know of a table.

    ``purge_order``: tables with a higher number are emptied first. ``append_only``: no UPDATE or DELETE is granted.
    ``personal``: columns that hold personal data. ``app_access``: what the application role may do.
    """

    room: str
    tenancy: Tenancy = "tenant"
    export: bool = True
    purge_order: int = 0
    personal: tuple[str, ...] = ()
    append_only: bool = False
    counter: str | None = None


def census(**facts: Any) -> dict[str, Any]:
    """The last element of ``__table_args__``."""
    return {"info": {KEY: Census(**facts)}}


def of(table: Table) -> Census:
    """A table's declaration; KeyError names a table that has none."""
    try:
        entry = table.info[KEY]
    except KeyError:
        raise KeyError(f"table '{table.name}' is not in the census") from None
    if not isinstance(entry, Census):
        raise TypeError(f"table '{table.name}' declares {entry!r} instead of a Census")
    return entry


def entries(metadata: MetaData) -> dict[str, Census]:
    """Every table with its declaration, by name."""
    return {table.name: of(table) for table in metadata.sorted_tables}
