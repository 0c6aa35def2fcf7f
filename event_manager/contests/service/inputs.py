"""Tells that something changed which can alter a result."""

from collections.abc import Iterable
from uuid import UUID

from event_manager.kit.work import Work

BUMP = """
UPDATE categories c SET inputs_version = c.inputs_version + 1
  FROM (SELECT tenant_id, id FROM categories WHERE tenant_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) x
 WHERE c.tenant_id = x.tenant_id AND c.id = x.id"""


async def bump(work: Work, category_ids: Iterable[UUID]) -> None:
    """Raise ``inputs_version`` of these categories; rows are locked in one order, so that two bumps never deadlock."""
    ids = sorted(set(category_ids))
    if ids:
        await work.sql(BUMP, (work.tenant, ids))
