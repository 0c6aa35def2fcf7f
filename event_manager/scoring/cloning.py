"""A copy of a contest or a category is judged by the same rules; they are frozen by its own first mark."""

from collections.abc import Mapping
from uuid import UUID

from event_manager.contests.service.cloning import Level, also_copy
from event_manager.kit.work import Work

COPY: dict[Level, str] = {
    "category": """
        INSERT INTO category_rules (tenant_id, category_id, name, document)
        SELECT r.tenant_id, m.copy, r.name, r.document FROM category_rules r
          JOIN unnest(%s::uuid[], %s::uuid[]) AS m (original, copy) ON m.original = r.category_id
         WHERE r.tenant_id = %s""",
    "contest": """
        INSERT INTO contest_rules (tenant_id, contest_id, document)
        SELECT r.tenant_id, m.copy, r.document FROM contest_rules r
          JOIN unnest(%s::uuid[], %s::uuid[]) AS m (original, copy) ON m.original = r.contest_id
         WHERE r.tenant_id = %s""",
}


@also_copy
async def copy_rules(work: Work, level: Level, moved: Mapping[UUID, UUID]) -> None:
    """Give every copy the rules of its original."""
    await work.sql(COPY[level], (list(moved), list(moved.values()), work.tenant))
