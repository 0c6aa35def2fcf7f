"""The figures the product is held to: the engine, taking a mark, jobs, the event log, reading a result, starting up."""

from benchmarks import events, jobs, leaderboard, startup, submit, tabulate
from benchmarks.figures import Figure


def run() -> list[Figure]:
    """All of them, one after the other, so that none disturbs another."""
    return [figure for part in (tabulate, submit, leaderboard, jobs, events, startup) for figure in part.run()]
