"""Checkpoints that leave the machine by webhook: the newest seal of an organisation's log, as an entry of that log."""

import base64
from uuid import UUID

from event_manager.eventlog.audit_types import CheckpointTaken
from event_manager.eventlog.service import append
from event_manager.kit.work import Work

# Due is a log that has grown by more than the checkpoint itself since the last one, or has none yet; an hour apart, and
# not in the first hour. Walks from tenant to tenant by index; the installation's own log has no webhooks.
DUE = """
    WITH RECURSIVE t AS (
      (SELECT tenant_id FROM event_seals WHERE tenant_id > %(nil)s ORDER BY tenant_id LIMIT 1)
       UNION ALL
      SELECT (SELECT s.tenant_id FROM event_seals s WHERE s.tenant_id > t.tenant_id ORDER BY s.tenant_id LIMIT 1)
        FROM t WHERE t.tenant_id IS NOT NULL)
    SELECT t.tenant_id, s.size, s.root, s.checkpoint
      FROM (SELECT tenant_id FROM t WHERE tenant_id IS NOT NULL AND %(only)s::uuid IS NULL
             UNION SELECT %(only)s::uuid) t
     CROSS JOIN LATERAL (SELECT size, root, checkpoint FROM event_seals
                          WHERE tenant_id = t.tenant_id ORDER BY size DESC LIMIT 1) s
     CROSS JOIN LATERAL (SELECT at FROM event_seals WHERE tenant_id = t.tenant_id ORDER BY size LIMIT 1) first
      LEFT JOIN LATERAL (SELECT e.at, (convert_from(e.body, 'UTF8')::jsonb ->> 'size')::bigint AS size FROM event_log e
                          WHERE e.tenant_id = t.tenant_id AND e.type = %(type)s ORDER BY e.id DESC LIMIT 1) last ON true
     WHERE coalesce(last.at, first.at) <= %(now)s - interval '1 hour' AND s.size > coalesce(last.size + 1, 0)"""
LOCK = "SELECT pg_advisory_xact_lock(hashtext('event_log checkpoint ' || %s))"


async def due(work: Work) -> list[UUID]:
    """The organisations whose log is to get a checkpoint (platform work)."""
    return [row["tenant_id"] for row in await work.sql(DUE, _given(work, None))]


async def take(work: Work) -> bool:
    """Append the checkpoint of the work's organisation if it is due (platform work); whether it was.

    A second process waits and finds it done.
    """
    await work.sql(LOCK, (str(work.tenant),))
    rows = await work.sql(DUE, _given(work, work.tenant))
    for row in rows:
        root = base64.b64encode(bytes(row["root"])).decode()
        await append(work, CheckpointTaken(log_id=work.tenant, size=row["size"], root=root, note=row["checkpoint"]))
    return bool(rows)


def _given(work: Work, only: UUID | None) -> dict[str, object]:
    return {"nil": UUID(int=0), "only": only, "type": CheckpointTaken.name, "now": work.now()}
