"""The fan-out as a loop of every server and worker; the cursor's lock lets one of them fan out at a time."""

from event_manager.kit.access import system_actor
from event_manager.kit.loops import Around, Loop
from event_manager.kit.metrics import FAN_OUT_LAG
from event_manager.kit.work import Work
from event_manager.webhooks.fanout import BATCH, FanOut
from event_manager.webhooks.messages import Addresses

BUSY_SECONDS, IDLE_SECONDS = 0.02, 0.2


class _Round:
    """One round of the fan-out, with what it remembers of endpoints between rounds."""

    def __init__(self) -> None:
        self._around: Around | None = None
        self._fan_out: FanOut

    async def __call__(self, around: Around) -> float:
        """One batch. At once again while there is more than one, soon while there was something."""
        if around is not self._around:
            self._around, self._fan_out = around, FanOut(around.secret_key, Addresses(around.settings))
        async with Work(
            around.database, role="platform", actor=system_actor("webhooks"), correlation_id="webhooks",
            clock=around.clock,
        ) as work:  # fmt: skip
            count, last = await self._fan_out.run(work)
            await work.commit()
            FAN_OUT_LAG.set(max(0.0, (work.now() - last["at"]).total_seconds()) if last is not None else 0.0)
        return 0.0 if count == BATCH else BUSY_SECONDS if count else IDLE_SECONDS


FAN_OUT = Loop("webhooks.fan-out", _Round())
