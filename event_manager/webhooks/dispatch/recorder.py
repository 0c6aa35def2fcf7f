"""Keeps what became of deliveries until it is written, in batches; a database that is away only makes it wait."""

from collections.abc import Sequence

import psycopg

from event_manager.kit import logs
from event_manager.kit.clock import Clock, given_time
from event_manager.kit.metrics import DELIVERIES, DELIVERY_LAG
from event_manager.webhooks.dispatch.aftermath import Aftermath
from event_manager.webhooks.dispatch.board import Board
from event_manager.webhooks.dispatch.outcome import Outcome
from event_manager.webhooks.dispatch.recording import (
    AGAIN,
    ENDED,
    NOT_SENT,
    Again,
    Ended,
    again_values,
    ended_values,
)
from event_manager.webhooks.dispatch.session import Session

BATCH = 200
NOT_STORED = "; its answer could not be stored"
log = logs.logger(__name__)


class Recorder:
    """``pending``: outcomes not written yet, oldest first."""

    def __init__(self, board: Board, aftermath: Aftermath, clock: Clock) -> None:
        self._board = board
        self._aftermath = aftermath
        self._clock = clock
        self.pending: list[Outcome] = []

    async def flush(self, session: Session) -> None:
        """Write all that is pending. What was not written when it fails stays pending."""
        while self.pending:
            batch = self.pending[:BATCH]
            plain = [outcome for outcome in batch if not outcome.died]
            try:
                await self._write(session, plain)
                await self._aftermath.deaths([outcome for outcome in batch if outcome.died])
            except (psycopg.DataError, psycopg.IntegrityError):
                log.exception("deliveries not recorded as they are", count=len(batch))
                await self._one_by_one(session, batch)
            del self.pending[: len(batch)]
            self._done(batch)

    async def _write(self, session: Session, outcomes: Sequence[Outcome]) -> None:
        ended = [outcome.record for outcome in outcomes if isinstance(outcome.record, Ended)]
        again = [outcome.record for outcome in outcomes if isinstance(outcome.record, Again)]
        if ended:
            await session.raw(ENDED, ended_values(ended))
        if again:
            await session.raw(AGAIN, again_values(again, given_time(self._clock)))

    async def _one_by_one(self, session: Session, batch: Sequence[Outcome]) -> None:
        """One answer that cannot be stored must not keep others from it: it is stored without what it said."""
        for outcome in batch:
            try:
                await self._write(session, [outcome])
            except (psycopg.DataError, psycopg.IntegrityError):
                outcome.record.response = NOT_SENT
                outcome.record.error += NOT_STORED
                await self._write(session, [outcome])

    def _done(self, batch: Sequence[Outcome]) -> None:
        slowest = 0.0
        counts = {"succeeded": 0, "failed": 0, "dead": 0}
        for outcome in batch:
            row = outcome.record.row
            self._board.forget(row)
            row.again = False
            counts["dead" if outcome.died else "succeeded" if outcome.ok else "failed"] += 1
            if not row.attempts:
                slowest = max(slowest, outcome.record.at.timestamp() - queued_at(row.id))
        for name, count in counts.items():
            if count:
                DELIVERIES.labels(name).inc(count)
        DELIVERY_LAG.set(slowest)


def queued_at(uuid7: bytes) -> float:
    """Seconds since the epoch at which a UUIDv7 was made."""
    return int.from_bytes(uuid7[:6], "big") / 1000
