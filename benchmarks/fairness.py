"""One webhook whose receiver hangs, among a thousand: what the others feel of it.

400 entries a second, a fifth of them for one webhook, each for one of 1000 webhooks; 50 slots; a time-out of 3 seconds.
The same traffic is offered in turn while that receiver answers and while it hangs.
"""

import random
import statistics
import time
from dataclasses import dataclass
from uuid import UUID

from benchmarks.delivery.product import APPEND, Product, entry, product
from benchmarks.delivery.sink import Arrival, Sink, sink
from benchmarks.figures import Figure, figure
from benchmarks.hall import CONTEST, uid
from event_manager.eventlog.queries import known_types

TENANTS, WEBHOOKS = 20, 50
OFFERED, SHARE, SLOTS, TIMEOUT = 400, 0.2, 50, 3000
ROUNDS, SECONDS, STEP = 2, 12.0, 0.02
AFTER = 5.0
"""Seconds that the others' deliveries have to arrive once nothing new is offered."""
GOOD, BAD = "/ok/bad", "/hang/bad"
RESET = """
    WITH waiting AS (DELETE FROM webhook_queue WHERE endpoint_id = %(id)s)
    UPDATE webhook_endpoints SET url = %(url)s, health = '{}', version = version + 1 WHERE id = %(id)s"""


@dataclass(frozen=True)
class Felt:
    """How long the others' deliveries took from the entry's commit to their arrival (ms), and how many are missing."""

    waits: list[float]
    missing: int

    def percentile(self, percent: int) -> float:
        """Milliseconds that so many percent did not exceed."""
        return statistics.quantiles(self.waits, n=100)[percent - 1]


def run() -> list[Figure]:
    """p50 and p99 of the others, while one hangs and while it does not."""
    with product(tenants=TENANTS, slots=SLOTS) as made, sink(record=True) as receiver:
        types = _types()
        wanted = [
            (tenant, {"url": f"{receiver.url}/ok/{n}/{kind}", "events": [kind], "timeout": TIMEOUT})
            for n, tenant in enumerate(made.tenants)
            for kind in types
        ]
        bad, *_others = made.create_endpoints(wanted)
        made.start_worker()
        _offer(made, receiver, types, bad, hangs=False, seconds=3)
        rounds = [
            (
                _offer(made, receiver, types, bad, hangs=False, seconds=SECONDS),
                _offer(made, receiver, types, bad, hangs=True, seconds=SECONDS),
            )
            for _ in range(ROUNDS)
        ]
    ratio = statistics.median(hung.percentile(99) / calm.percentile(99) for calm, hung in rounds)
    return [
        figure("fairness: p99 of the others while a fifth hangs / while nothing hangs", ratio, "ratio", most=2),
        *(
            figure(f"  {name}, p{percent}", statistics.median(felt.percentile(percent) for felt in side), "ms")
            for name, side in zip(("nothing hangs", "a fifth hangs"), zip(*rounds, strict=True), strict=True)
            for percent in (50, 99)
        ),
        figure("  deliveries of the others that did not arrive", sum(f.missing for r in rounds for f in r), "", most=0),
    ]


def _types() -> list[str]:
    """Types to tell the webhooks of an organisation apart by; none that the product emits by itself meanwhile."""
    plain = sorted({kind.name for kind in known_types() if kind.sensitivity == "plain"})
    found = [name for name in plain if not name.startswith(("webhook.", "audit.", "system."))]
    if len(found) < WEBHOOKS:
        raise RuntimeError(f"there are only {len(found)} types of events to tell {WEBHOOKS} webhooks apart by")
    return found[:WEBHOOKS]


def _offer(made: Product, receiver: Sink, types: list[str], bad: UUID, *, hangs: bool, seconds: float) -> Felt:
    """Append entries at an even rate, and look when those for the other webhooks arrived."""
    made_bad = {"id": bad, "url": receiver.url + (BAD if hangs else GOOD)}
    with made.connect(autocommit=True) as conn:
        conn.execute(RESET, made_bad)
        time.sleep(1.0)  # the last round's requests end
        receiver.arrivals()
        offered = _append(made, types, seconds)
    end = time.monotonic() + AFTER
    arrived: list[Arrival] = []
    while len(arrived) < offered and time.monotonic() < end:
        time.sleep(0.2)
        arrived += [a for a in receiver.arrivals() if a.mark and a.path not in (GOOD, BAD)]
    waits = [(a.at - int(a.mark.split("-")[1]) / 1e6) * 1000 for a in arrived]
    return Felt(waits, offered - len(arrived))


def _append(made: Product, types: list[str], seconds: float) -> int:
    """Returns how many were for the other webhooks."""
    dice, others, sent = random.Random(7), 0, 0
    began = time.monotonic()
    with made.connect() as conn:
        while (past := time.monotonic() - began) < seconds:
            due = int(past * OFFERED) - sent
            with conn.cursor() as cursor:
                for _ in range(due):
                    tenant, kind = made.tenants[0], types[0]
                    if dice.random() >= SHARE:
                        tenant, kind = dice.choice(made.tenants), dice.choice(types)
                    others += (tenant, kind) != (made.tenants[0], types[0])
                    payload = entry(f"mark-{int(time.time() * 1e6)}", 400)
                    cursor.execute(APPEND, (tenant, kind, uid(CONTEST, sent), payload))
                    sent += 1
            conn.commit()
            time.sleep(STEP)
    return others
