"""Checkpoints as a file to keep elsewhere: the newest signed note of each log, one after the other."""

from collections import defaultdict
from uuid import UUID

from event_manager.eventlog.checkpoints import BadCheckpoint, Checkpoint, Signer, origin
from event_manager.kit.work import Work

LATEST = """
    SELECT DISTINCT ON (tenant_id) tenant_id, checkpoint FROM event_seals ORDER BY tenant_id, size DESC"""
# Walks from tenant to tenant by index, since counting all entries to name a few tenants would read the whole log.
LOGS = """
    WITH RECURSIVE t AS (
      (SELECT tenant_id FROM event_log ORDER BY tenant_id LIMIT 1)
       UNION ALL
      SELECT (SELECT e.tenant_id FROM event_log e WHERE e.tenant_id > t.tenant_id ORDER BY e.tenant_id LIMIT 1)
        FROM t WHERE t.tenant_id IS NOT NULL)
    SELECT l.tenant_id, n.slug
      FROM (SELECT tenant_id FROM t WHERE tenant_id IS NOT NULL UNION SELECT tenant_id FROM event_seals
             UNION SELECT tenant_id FROM event_tiles WHERE level = 0 AND number = 0) AS l
      LEFT JOIN tenants n ON n.id = l.tenant_id
     ORDER BY n.slug NULLS FIRST, l.tenant_id"""

INSTALLATION = "the installation"


async def names(work: Work) -> dict[UUID, str]:
    """Every log there is (platform work): the tenant and its short name, or what stands for it."""
    rows = await work.sql(LOGS)
    return {
        row["tenant_id"]: row["slug"] or (INSTALLATION if row["tenant_id"].int == 0 else f"tenant {row['tenant_id']}")
        for row in rows
    }


async def latest(work: Work) -> list[str]:
    """The newest checkpoint of each log (platform work)."""
    return [row["checkpoint"] for row in await work.sql(LATEST)]


def read(signer: Signer, text: str) -> dict[UUID, list[Checkpoint]]:
    """The checkpoints in a file, by tenant. Raises BadCheckpoint."""
    found: defaultdict[UUID, list[Checkpoint]] = defaultdict(list)
    note: list[str] = []
    for line in text.splitlines(keepends=True):
        if not note and not line.strip():
            continue
        note.append(line)
        if line.startswith("— "):
            checkpoint = signer.open("".join(note))
            found[_tenant(checkpoint)].append(checkpoint)
            note = []
    if note or not found:
        raise BadCheckpoint("the file holds no checkpoint, or ends in the middle of one")
    return dict(found)


def _tenant(checkpoint: Checkpoint) -> UUID:
    tenant = UUID(checkpoint.origin.rpartition("/")[2])
    if checkpoint.origin != origin(tenant):
        raise BadCheckpoint(f"the checkpoint is of '{checkpoint.origin}', which is no log of this product")
    return tenant
