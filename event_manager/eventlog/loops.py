"""The sealer as a loop of every server and worker; the advisory lock lets one of them seal at a time."""

from event_manager.eventlog.checkpoints import Signer
from event_manager.eventlog.sealing import BATCH, lag_seconds, seal_batch
from event_manager.kit.access import system_actor
from event_manager.kit.loops import Around, Loop
from event_manager.kit.metrics import SEAL_LAG
from event_manager.kit.work import Work

EVERY_SECONDS = 1.0


async def seal(around: Around) -> float:
    """Seal one batch. At once again while there is more than one."""
    signer = Signer(around.secret_key)
    async with Work(
        around.database, role="platform", actor=system_actor("sealer"), correlation_id="sealer", clock=around.clock
    ) as work:
        SEAL_LAG.set(await lag_seconds(work))
        count = await seal_batch(work, signer)
        await work.commit()
    return 0.0 if count == BATCH else EVERY_SECONDS


SEALER = Loop("eventlog.seal", seal)
