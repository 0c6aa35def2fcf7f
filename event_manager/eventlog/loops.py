"""Loops of every server and worker: sealer, checkpoints and retention. One process does each at a time."""

from uuid import UUID

from psycopg.errors import ObjectNotInPrerequisiteState

from event_manager.eventlog import retiring, taking, verifying
from event_manager.eventlog.checkpoints import Signer
from event_manager.eventlog.sealing import BATCH, lag_seconds, seal_batch
from event_manager.kit import logs
from event_manager.kit.access import system_actor
from event_manager.kit.loops import Around, Loop
from event_manager.kit.metrics import SEAL_LAG
from event_manager.kit.work import Work

EVERY_SECONDS = 1.0
RETIRE_EVERY_SECONDS = 3600.0
CHECKPOINTS_EVERY_SECONDS = 60.0
log = logs.logger(__name__)


async def seal(around: Around) -> float:
    """Seal one batch. At once again while there is more than one."""
    signer = Signer(around.secret_key)
    async with _platform(around, "sealer") as work:
        SEAL_LAG.set(await lag_seconds(work))
        count = await seal_batch(work, signer)
        await work.commit()
    return 0.0 if count == BATCH else EVERY_SECONDS


async def take_checkpoints(around: Around) -> float:
    """Put the newest seal of each organisation whose log grew into its log, at most once an hour."""
    async with _platform(around, "checkpoints") as work:
        due = await taking.due(work)
    for tenant in due:
        async with _platform(around, "checkpoints", tenant) as work:
            await taking.take(work)
            await work.commit()
    return CHECKPOINTS_EVERY_SECONDS


async def retire(around: Around) -> float:
    """Drop the oldest month that the retention setting no longer keeps. At once again after one went."""
    months, signer = around.settings.log_retention_months, Signer(around.secret_key)
    if not months:
        return RETIRE_EVERY_SECONDS
    async with _platform(around, "retention") as work:
        await verifying.begin(work)
        part = await retiring.oldest_due(work, months)
        if part is None or not await retiring.is_whole(work, signer):
            return RETIRE_EVERY_SECONDS
    try:
        async with _platform(around, "retention") as work:
            entries = await retiring.retire(work, signer, part)
            await work.commit()
    except ObjectNotInPrerequisiteState as error:  # somebody began to read it while it was verified
        log.warning("a month of the event log cannot be retired yet", month=part, reason=str(error).splitlines()[0])
        return RETIRE_EVERY_SECONDS
    log.info("a month of the event log was retired", month=part, entries=entries)
    return 0.0


def _platform(around: Around, name: str, tenant: UUID | None = None) -> Work:
    return Work(
        around.database, tenant_id=tenant, role="platform", actor=system_actor(name), correlation_id=name,
        clock=around.clock,
    )  # fmt: skip


SEALER = Loop("eventlog.seal", seal)
CHECKPOINTS = Loop("eventlog.checkpoints", take_checkpoints)
RETENTION = Loop("eventlog.retire", retire)
