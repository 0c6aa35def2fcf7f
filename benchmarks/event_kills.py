"""kill -9 of what follows the log, at random moments: dispatchers, fan-out, handlers, sealer, and PostgreSQL.

A server and two workers, each with all loops, follow entries that writers commit all the while; a receiver counts. Each
round kills a process, all of them, a backend or the whole database, and starts again what was killed. In the end every
committed entry must have reached every handler and webhook, in order where asked for, and every seal must hold.
`EVENT_MANAGER_KILL_ROUNDS` sets how many rounds there are (200 for the full measurement).
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.delivery.product import Product, product
from benchmarks.delivery.sink import Arrival, Sink, sink
from benchmarks.delivery.writers import Writers
from benchmarks.figures import Figure, figure
from benchmarks.hall import ROOT, free_port

ROUNDS = int(os.environ.get("EVENT_MANAGER_KILL_ROUNDS", "20"))
WRITERS, DRAIN_SECONDS, BACK_SECONDS = 3, 240.0, 60.0
TOGETHER = "all processes"
BLOWS = ["a process", "a process", "a process", TOGETHER, "a dispatcher's backend", "a backend", "PostgreSQL"]
WEBHOOKS = [  # organisation, order, path
    (0, "none", "ok"), (0, "none", "flaky"), (0, "key", "ok"), (0, "key", "flaky"), (0, "strict", "ok"),
    (0, "strict", "rare"), (1, "none", "ok"), (1, "strict", "ok"),
]  # fmt: skip
BACKENDS = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE %s AND pid <> pg_backend_pid()"""
ENTRIES = """
    SELECT tenant_id, id, entity_id, substring(convert_from(body, 'UTF8') FROM 'mark-[0-9-]+') FROM event_log
     WHERE type = 'contest.updated' ORDER BY xid, id"""
RECORDED = """
    SELECT endpoint_id, event_id, count(*) FROM webhook_deliveries WHERE outcome = 'succeeded' GROUP BY 1, 2"""
LEFT = """
    SELECT (SELECT count(*) FROM webhook_queue)
         + (SELECT count(*) FROM event_log)
         - (SELECT coalesce(sum(n), 0) FROM (SELECT max(size) AS n FROM event_seals GROUP BY tenant_id) AS s)
         + abs((SELECT count(*) FROM event_log) - (SELECT coalesce(sum(entries), 0) FROM event_activity))"""
FAILED = "SELECT count(*) FROM event_handler_failures"
COUNTED = """
    SELECT coalesce(l.tenant_id, a.tenant_id), l.n, a.n
      FROM (SELECT tenant_id, count(*) AS n FROM event_log GROUP BY 1) l
      FULL JOIN (SELECT tenant_id, sum(entries) AS n FROM event_activity GROUP BY 1) a USING (tenant_id)
     WHERE l.n IS DISTINCT FROM a.n"""


@dataclass
class Outcome:
    """What was seen. ``faults``: sentences about what must not be, none where all is well."""

    blows: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    arrivals: int = 0
    duplicates: int = 0
    interrupted: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def run() -> list[Figure]:
    """The faults after so many rounds, and what came through them."""
    dice = random.Random(1)
    found = storm([dice.choice(BLOWS) for _ in range(ROUNDS)])
    for fault in found.faults[:20]:
        print(fault, file=sys.stderr)
    return [
        figure(f"kill -9, {ROUNDS} rounds: faults", len(found.faults), "faults", most=0),
        *(figure(f"  kills: {name}", count, "") for name, count in sorted(found.blows.items())),
        figure("  entries committed", found.entries, ""),
        figure("  deliveries that arrived", found.arrivals, ""),
        figure("  of them repeated (same webhook-id)", found.duplicates, ""),
        figure("  transactions of the writers interrupted", found.interrupted, ""),
        figure("  from the last commit until all was delivered, handled and sealed", found.seconds, "s"),
    ]


def storm(blows: Sequence[str]) -> Outcome:
    """These blows (of `BLOWS`) one after the other, then what is left."""
    found, dice = Outcome(), random.Random()
    with product(tenants=2) as made, sink(record=True) as receiver:
        fields: list[tuple[UUID, dict[str, object]]] = [
            (made.tenants[tenant], {
                "url": f"{receiver.url}/{path}/{n}", "events": ["contest.updated"], "ordering": order,
                "retrySchedule": [1] * 24,
            })
            for n, (tenant, order, path) in enumerate(WEBHOOKS)
        ]  # fmt: skip
        ids = made.create_endpoints(fields)
        crew = {f"worker {n}": ["-m", "event_manager", "worker"] for n in (1, 2)}
        crew["server"] = ["-m", "event_manager", "serve", "--port", str(free_port())]
        running = {name: made.start_worker(*command) for name, command in crew.items()}
        writers = Writers(made)
        writers.start(WRITERS)
        for blow in blows:
            time.sleep(dice.uniform(0.2, 1.2))
            found.blows[blow] += 1
            names = list(crew) if blow == TOGETHER else [dice.choice(list(crew))] if blow == "a process" else []
            for name in names:
                made.stop_worker(running[name])
            if not names:
                _strike_database(made, blow, dice)
            ended = [name for name, process in running.items() if process.poll() is not None and name not in names]
            for name in ended:  # a process may end by itself, as where it was starting; whoever runs it starts it again
                made.stop_worker(running[name])
            names += ended
            for name in names:
                running[name] = _started(made, crew[name])
        writers.stop()
        began = time.monotonic()
        found.faults += _drain(made)
        found.seconds = time.monotonic() - began
        _compare(made, receiver, writers, ids, found)
        found.faults += _seals(made)
    return found


def _strike_database(made: Product, blow: str, dice: random.Random) -> None:
    """Kill the database, or a backend of it (then it restarts by itself), and wait until it can be used again."""
    if blow == "PostgreSQL":
        os.kill(made.postgres, signal.SIGKILL)
    else:
        pattern = "event-manager-dispatcher" if "dispatcher" in blow else "event-manager%"
        with made.connect(autocommit=True) as conn:
            pids = [pid for (pid,) in conn.execute(BACKENDS, (pattern,)).fetchall()]
        if pids:
            os.kill(dice.choice(pids), signal.SIGKILL)
    end = time.monotonic() + BACK_SECONDS
    while True:
        time.sleep(0.1)
        try:
            made.value("SELECT 1")
        except (psycopg.Error, RuntimeError):
            if time.monotonic() > end:
                raise
        else:
            return


def _started(made: Product, command: list[str]) -> "subprocess.Popen[bytes]":
    """A process of the crew, once more; the database may be starting while it does."""
    end = time.monotonic() + BACK_SECONDS
    while True:
        try:
            return made.start_worker(*command)
        except RuntimeError:
            if time.monotonic() > end:
                raise


def _drain(made: Product) -> Iterable[str]:
    end = time.monotonic() + DRAIN_SECONDS
    while left := made.value(LEFT):
        if time.monotonic() > end:
            return [f"{left} entries or deliveries were still waiting after {DRAIN_SECONDS:g} s"]
        time.sleep(0.2)
    return []


def _compare(made: Product, receiver: Sink, writers: Writers, ids: list[UUID], found: Outcome) -> None:
    """What was promised, what is in the log, what arrived, what is recorded, what was handled."""
    with made.connect(autocommit=True) as conn:
        entries = conn.execute(ENTRIES).fetchall()
        recorded = {(endpoint, event): n for endpoint, event, n in conn.execute(RECORDED)}
        wrong = conn.execute(COUNTED).fetchall()
        [failed] = conn.execute(FAILED).fetchone() or (0,)
    arrivals = receiver.arrivals()
    marks = {mark for *_, mark in entries}
    found.entries, found.arrivals, found.interrupted = len(entries), len(arrivals), writers.interrupted
    found.faults += [f"{mark} was committed and is not in the log" for mark in writers.committed - marks]
    found.faults += [f"{mark} was rolled back and is in the log" for mark in writers.undone & marks]
    found.faults += [f"the projection of {tenant} counts {told}, the log has {n}" for tenant, n, told in wrong]
    found.faults += [f"{failed} entries failed in a handler"] if failed else []
    by_path: defaultdict[str, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        by_path[arrival.path].append(arrival)
    for n, (tenant, order, path) in enumerate(WEBHOOKS):
        wanted = [row for row in entries if row[0] == made.tenants[tenant]]
        came = by_path[f"/{path}/{n}"]
        found.duplicates += sum(a.accepted for a in came) - len({a.message_id for a in came if a.accepted})
        found.faults += [f"webhook {n} ({order}, {path}): {fault}" for fault in _faults(wanted, came, order)]
        counts = [recorded.get((ids[n], row[1]), 0) for row in wanted]
        if set(counts) - {1}:
            found.faults.append(f"webhook {n}: recorded {Counter(counts)} times, not once each")


def _faults(wanted: list[tuple[Any, ...]], came: list[Arrival], order: str) -> Iterable[str]:
    """``wanted``: rows of `ENTRIES` in the log's order."""
    ids = {f"evt_{entry.hex}": (mark, key) for _, entry, key, mark in wanted}
    missing = ids.keys() - {a.message_id for a in came if a.accepted}
    yield from (f"{ids[each][0]} never arrived" for each in missing)
    yield from (f"{a.mark} arrived as {a.message_id}" for a in came if ids.get(a.message_id, ("",))[0] != a.mark)
    first = list(dict.fromkeys(a.message_id for a in came if a.message_id in ids))
    if order == "strict" and first != [each for each in ids if each in first]:
        yield "entries arrived out of order"
    if order == "key":
        for key in {key for _, key in ids.values()}:
            mine = [each for each in first if ids[each][1] == key]
            if mine != [each for each, (_, its) in ids.items() if its == key and each in first]:
                yield f"entries about {key} arrived out of order"


def _seals(made: Product) -> Iterable[str]:
    command = [sys.executable, "-m", "event_manager", "verify-log", "--data-dir", str(made.made.folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [f"verify-log: {done.stdout[-500:]}{done.stderr[-500:]}"]
