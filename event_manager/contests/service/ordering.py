"""Putting rows in a wanted order."""

from collections.abc import Iterable, Sequence
from typing import Literal
from uuid import UUID

from event_manager.contests.errors import OrderIncomplete
from event_manager.kit.errors import FieldError
from event_manager.kit.work import Work

STATEMENTS = {
    "events": """UPDATE events t SET sort_order = o.n, version = t.version + 1
        FROM unnest(%s::uuid[]) WITH ORDINALITY AS o(id, n)
        WHERE t.tenant_id = %s AND t.id = o.id AND t.sort_order <> o.n""",
    "contests": """UPDATE contests t SET sort_order = o.n, version = t.version + 1
        FROM unnest(%s::uuid[]) WITH ORDINALITY AS o(id, n)
        WHERE t.tenant_id = %s AND t.id = o.id AND t.sort_order <> o.n""",
    "categories": """UPDATE categories t SET sort_order = o.n, version = t.version + 1
        FROM unnest(%s::uuid[]) WITH ORDINALITY AS o(id, n)
        WHERE t.tenant_id = %s AND t.id = o.id AND t.sort_order <> o.n""",
    "contest_entries": """UPDATE contest_entries t SET running_order = o.n, version = t.version + 1
        FROM unnest(%s::uuid[]) WITH ORDINALITY AS o(id, n)
        WHERE t.tenant_id = %s AND t.id = o.id AND t.running_order <> o.n""",
    "category_entries": """UPDATE category_entries t SET running_order = o.n
        FROM unnest(%s::uuid[]) WITH ORDINALITY AS o(id, n)
        WHERE t.tenant_id = %s AND t.id = o.id""",
}
Orderable = Literal["events", "contests", "categories", "contest_entries", "category_entries"]


def check_complete(given: Sequence[UUID], present: Iterable[UUID], pointer: str = "/ids") -> None:
    """Raise OrderIncomplete unless ``given`` names each of ``present`` exactly once."""
    wanted = set(present)
    faults = []
    if len(set(given)) != len(given):
        faults.append(f"{len(given) - len(set(given))} stand more than once")
    if missing := wanted - set(given):
        faults.append(f"{len(missing)} are missing, for example {min(missing)}")
    if unknown := set(given) - wanted:
        faults.append(f"{len(unknown)} are not of this list")
    if faults:
        raise OrderIncomplete(
            f"The list holds {len(wanted)}; of yours, {' and '.join(faults)}. Read the list again and send all ids.",
            errors=[FieldError(pointer, ", ".join(faults))],
        )


async def write(work: Work, table: Orderable, ids: Sequence[UUID]) -> None:
    """Number the rows 1, 2, ... in this order, in one statement."""
    await work.sql(STATEMENTS[table], (list(ids), work.tenant))
