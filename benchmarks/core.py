"""The figures the product is held to: the engine, taking a mark, jobs, reading a result, starting up."""

from benchmarks import jobs, leaderboard, startup, submit, tabulate
from benchmarks.figures import Figure


def run() -> list[Figure]:
    """All of them, one after the other, so that none disturbs another."""
    return [figure for part in (tabulate, submit, leaderboard, jobs, startup) for figure in part.run()]
