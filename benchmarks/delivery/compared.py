"""Recorded deliveries a second, and the CPU of one, beside a Node.js worker that does the same in the same run."""

import statistics
import sys
from collections.abc import Callable

from benchmarks.delivery.cost import Round
from benchmarks.delivery.ours import Ours
from benchmarks.delivery.peer import NoPeer, Peer, peer
from benchmarks.delivery.product import product
from benchmarks.delivery.sink import sink
from benchmarks.figures import Figure, figure
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import scratch_directory

ROUNDS, DELIVERIES, PEER_DELIVERIES = 5, 20_000, 5_000
SLOTS, FAN = 50, 50
BODY = '{"type":"contest.updated","data":{"name":"' + "x" * 2000 + '"}}'
MANY, SINGLE, ALONE = f"an entry to {FAN} webhooks", "an entry to one webhook", "sending alone"
Rounds = dict[str, list[Round]]


def run() -> list[Figure]:
    """Rounds in turn: an entry to 50 webhooks, an entry to one, sending what is queued, and the peer's of each."""
    with product(tenants=102, slots=SLOTS) as made, sink() as receiver:
        many = Ours(made, made.tenants[:2], receiver, webhooks=FAN)
        single = Ours(made, made.tenants[2:], receiver, webhooks=1)
        alone = made.start_worker("-m", "benchmarks.delivery.deliverer")
        _warm_up(many, single)
        with scratch_directory() as folder, EmbeddedServer.start(folder) as server:
            try:
                with peer(server, folder, receiver, body=BODY, endpoints=100, concurrency=SLOTS) as beside:
                    found = _figures(*_rounds(many, single, beside))
            except NoPeer as reason:
                print(f"NO PEER: {reason}", file=sys.stderr)
                found = _figures(*_rounds(many, single, None))
        made.stop_worker(alone)
        made.start_worker()
        _warm_up(many, single)
        whole = {MANY: many.deliver(DELIVERIES), SINGLE: single.deliver(DELIVERIES)}
    return [
        *found,
        *(
            figure(f"deliveries: {name}, by a worker that also seals and handles: CPU of one", taken.cost, "us")
            for name, taken in whole.items()
        ),
    ]


def _warm_up(*each: Ours) -> None:
    """Connections are made and code has run before anything is measured."""
    for ours in each:
        ours.deliver(1000)


def _rounds(many: Ours, single: Ours, beside: Peer | None) -> tuple[Rounds, Rounds]:
    """Ours and the peer's, by what was measured."""
    if beside is not None:
        beside.deliver(1000, fan=1)  # its code is compiled while it runs
    steps: dict[str, Callable[[], Round]] = {
        MANY: lambda: many.deliver(DELIVERIES),
        SINGLE: lambda: single.deliver(DELIVERIES),
        ALONE: lambda: many.dispatch(DELIVERIES),
    }
    ours: Rounds = {name: [] for name in steps}
    theirs: Rounds = {name: [] for name in steps} if beside else {}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            ours[name].append(step())
            if beside is not None:
                queued, sent = beside.deliver(PEER_DELIVERIES, fan=1 if name == SINGLE else FAN)
                theirs[name].append(sent if name == ALONE else queued + sent)
    return ours, theirs


def _figures(ours: Rounds, theirs: Rounds) -> list[Figure]:
    figures = []
    for name, rounds in ours.items():
        rate = _median(rounds, lambda r: r.rate)
        figures += [
            figure(f"deliveries: {name}: recorded", rate, "/s", least=5000 if name == MANY else None),
            figure("  CPU of one, sender and PostgreSQL", _median(rounds, lambda r: r.cost), "us", most=150),
            figure("  of it the sender", _median(rounds, lambda r: r.sender / r.count * 1e6), "us"),
        ]
        figures += _beside(rounds, theirs[name]) if theirs else []
    return figures


def _beside(ours: list[Round], theirs: list[Round]) -> list[Figure]:
    ratio = statistics.median(b.cost / a.cost for a, b in zip(ours, theirs, strict=True))
    times = statistics.median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True))
    return [
        figure("  BullMQ, undici, Redis and an INSERT: CPU of one", _median(theirs, lambda r: r.cost), "us"),
        figure("  of it Node.js", _median(theirs, lambda r: r.sender / r.count * 1e6), "us"),
        figure("  deliveries per CPU second, ours / theirs", ratio, "ratio", least=8),
        figure("  deliveries a second, ours / theirs", times, "ratio"),
    ]


def _median(rounds: list[Round], of: Callable[[Round], float]) -> float:
    return statistics.median(of(each) for each in rounds)
