"""Retention: whole months are dropped from the log once they are old enough, sealed, verified and read by everybody."""

from datetime import UTC, datetime
from uuid import UUID

from event_manager.eventlog import append, exporting, retirements, verifying
from event_manager.eventlog.audit_types import LogRetired
from event_manager.eventlog.checkpoints import Signer
from event_manager.eventlog.retirements import Retirement
from event_manager.kit import logs
from event_manager.kit.work import Work

LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('event_log retirement')) AS mine"
MONTHS = """
    SELECT c.relname AS part FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'event_log'::regclass AND c.relname ~ '^event_log_p2[0-9]{5}$' AND c.relname <= %s
     ORDER BY c.relname LIMIT 1"""
NEEDED = "SELECT event_log_needed(%s) AS reason"
RETIRE = "SELECT * FROM event_log_retire(%s)"
log = logs.logger(__name__)


def newest_to_go(now: datetime, months: int) -> str:
    """The partition of the newest month of which every entry is at least so many months old."""
    at = now.astimezone(UTC)
    year, month = divmod(at.year * 12 + at.month - 1 - 1 - months, 12)
    return f"event_log_p{year:04}{month + 1:02}"


async def oldest_due(work: Work, months: int) -> str | None:
    """The next month to go, None when there is none, it is still needed, or another process deals with it."""
    [lock] = await work.sql(LOCK)
    found = await work.sql(MONTHS, (newest_to_go(work.now(), months),))
    if not lock["mine"] or not found:
        return None
    part: str = found[0]["part"]
    [needed] = await work.sql(NEEDED, (part,))
    if needed["reason"]:
        log.warning("a month of the event log cannot be retired yet", month=part, reason=needed["reason"])
        return None
    return part


async def is_whole(work: Work, signer: Signer) -> bool:
    """Whether every log verifies: what was altered must not vanish with its month. After `verifying.begin`."""
    for tenant, name in (await exporting.names(work)).items():
        report = await verifying.verify(work, signer, tenant)
        if report.faults:
            log.error("nothing is retired: the event log does not verify", log=name, fault=str(report.faults[0]))
            return False
    return True


async def retire(work: Work, signer: Signer, part: str) -> int:
    """Drop a month, keep the signed records of what went and say so in the installation's log; returns the entries.

    Platform work; the caller commits. Raises psycopg's ObjectNotInPrerequisiteState when the month is still needed.
    """
    [lock] = await work.sql(LOCK)
    if not lock["mine"]:
        return 0
    rows = await work.sql(RETIRE, (part,))
    total: int = sum(row["entries"] for row in rows)
    for row in rows:
        record = Retirement(
            row["tenant_id"], row["from_id"], row["to_id"], row["entries"], bytes(row["digest"]), work.now()
        )
        await retirements.keep(work, signer, record)
    await append(
        work, LogRetired(log_id=UUID(int=0), month=part.removeprefix("event_log_p"), entries=total, logs=len(rows))
    )
    return total
