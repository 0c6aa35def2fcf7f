"""Writers that append to the log as services do, go on while the database is away, and know what they were promised."""

import random
import threading
import time
from dataclasses import dataclass, field

import psycopg

from benchmarks.delivery.product import APPEND, Product, entry
from benchmarks.hall import CONTEST, uid

PAUSE = 0.1
KEYS = 20
"""How many contests the entries are about: what webhooks with an order by key keep apart."""


@dataclass
class Writers:
    """Threads that write until `stop`. Marks of entries whose commit was acknowledged, and of those rolled back."""

    product: Product
    committed: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    interrupted: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, count: int) -> None:
        """Begin to write."""
        for number in range(count):
            thread = threading.Thread(target=self._write, args=(number,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Write nothing more."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self, number: int) -> None:
        dice, written = random.Random(number), 0
        while not self._stop.is_set():
            try:
                with self.product.connect() as conn:
                    while not self._stop.wait(PAUSE * dice.random() * 2):
                        marks = [f"mark-{number}-{written + n}" for n in range(dice.randint(1, 3))]
                        written += len(marks)
                        self._transaction(conn, dice, marks)
            except psycopg.Error:  # killed under way: whether the last one was committed, nobody was told
                self.interrupted += 1
                time.sleep(0.1)

    def _transaction(self, conn: psycopg.Connection[tuple[object, ...]], dice: random.Random, marks: list[str]) -> None:
        for mark in marks:
            tenant, contest = dice.choice(self.product.tenants), uid(CONTEST, dice.randint(1, KEYS))
            conn.execute(APPEND, (tenant, "contest.updated", contest, entry(mark)))
        if dice.random() < 0.1:
            conn.rollback()
            self.undone |= set(marks)
        else:
            time.sleep(dice.random() * 0.01)  # so that transactions end in another order than they began
            conn.commit()
            self.committed |= set(marks)
