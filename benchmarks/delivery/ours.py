"""Our own deliveries: entries of the log, fanned out, signed, sent and recorded by one process."""

import time
from collections.abc import Sequence
from itertools import cycle, islice
from uuid import UUID

import psycopg

from benchmarks.delivery.cost import Measured, Round
from benchmarks.delivery.product import APPEND, Product, entry
from benchmarks.delivery.sink import Sink
from benchmarks.hall import CONTEST, uid

SIZE = 1580
"""Bytes of a payload whose delivery, with its envelope, has 2 KB."""
SECONDS = 120
WAITING = "SELECT count(*) FROM (SELECT 1 FROM webhook_queue LIMIT %s) AS w"
RECORDED = "SELECT count(*) FROM webhook_deliveries WHERE outcome = 'succeeded'"
SWITCH = "UPDATE webhook_endpoints SET enabled = %s, version = version + 1"


class Ours:
    """``webhooks`` of each of these organisations get each of its entries, from whichever process runs."""

    def __init__(self, product: Product, tenants: Sequence[UUID], sink: Sink, *, webhooks: int) -> None:
        self._product = product
        self._sink = sink
        self._tenants = tenants
        self._webhooks = webhooks
        product.create_endpoints(
            [
                (tenant, {"url": f"{sink.url}/ok/{n}/{number}", "events": ["contest.updated"]})
                for number, tenant in enumerate(tenants)
                for n in range(webhooks)
            ]
        )

    def deliver(self, deliveries: int) -> Round:
        """Append entries for so many deliveries, then measure from their commit to the last one's record."""
        before = self._state()
        with self._product.connect() as conn:
            self._append(conn, deliveries)
            measured = self._measured()
            conn.commit()
        return self._wait(measured, before, deliveries)

    def dispatch(self, deliveries: int) -> Round:
        """The same without the fan-out: the deliveries wait, and are let go by switching the webhooks on."""
        before = self._state()
        self._switch(on=False)
        with self._product.connect() as conn:
            self._append(conn, deliveries)
        end = time.monotonic() + SECONDS
        while self._product.value(WAITING, deliveries) < deliveries:
            if time.monotonic() > end:
                raise RuntimeError("the deliveries were not queued")
            time.sleep(0.1)
        measured = self._measured()
        self._switch(on=True)
        return self._wait(measured, before, deliveries)

    def _append(self, conn: psycopg.Connection[tuple[object, ...]], deliveries: int) -> None:
        entries = deliveries // self._webhooks
        payload = entry("mark-0", SIZE)
        given = [
            (tenant, "contest.updated", uid(CONTEST, n), payload)
            for n, tenant in enumerate(islice(cycle(self._tenants), entries))
        ]
        with conn.cursor() as cursor:
            cursor.executemany(APPEND, given)

    def _measured(self) -> Measured:
        [worker] = self._product.workers
        return Measured(worker.pid, self._product.postgres)

    def _state(self) -> tuple[int, int]:
        return self._sink.count(), self._product.value(RECORDED)

    def _wait(self, measured: Measured, before: tuple[int, int], deliveries: int) -> Round:
        arrived, recorded = before
        self._sink.wait(arrived + deliveries, SECONDS)
        end = time.monotonic() + SECONDS
        while self._product.value(WAITING, 1):
            if time.monotonic() > end:
                raise RuntimeError("not all deliveries were recorded")
            time.sleep(0.02)
        taken = measured.end(deliveries)
        now = self._state()
        if now != (arrived + deliveries, recorded + deliveries):
            raise RuntimeError(f"{now} arrived and recorded after {before}, not {deliveries} more")
        return taken

    def _switch(self, *, on: bool) -> None:
        with self._product.connect(autocommit=True) as conn:
            conn.execute(SWITCH, (on,))
