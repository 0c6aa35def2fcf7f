"""How fast the engine ranks a large contest, and how that grows. Times are processor time, the best of several runs."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from benchmarks.figures import Figure, figure
from event_manager.tabulation.document import to_document
from event_manager.tabulation.engine import Result, tabulate
from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import Inputs, MarkRow
from event_manager.tabulation.reading import read

Outcome = TypeVar("Outcome")

ENTRIES, CRITERIA, JUDGES = 1000, 10, 9


def run() -> list[Figure]:
    """From rows of text (entry, judge, criterion, mark) to places; reading those rows and the rest are told apart.

    The goal is for the engine, which begins with the grid of checked numbers and ends with places and opened ties;
    explanations and the result document are made later and measured on their own.
    """
    usual, large = contest(ENTRIES), contest(10 * ENTRIES)
    rules, trimmed = load_rule_set("weighted-mean"), load_rule_set("trimmed-mean")
    size = f"{ENTRIES} entries x {CRITERIA} criteria x {JUDGES} judges"
    once, result = best(lambda: tabulate(rules, usual))
    reading, _ = best(lambda: read(rules, usual))
    tenfold, _ = best(lambda: tabulate(rules, large), runs=3)
    whole, _ = best(lambda: tabulate(trimmed, usual))
    document, _ = best(lambda: to_document(fresh(result)), runs=2)
    return [
        figure(f"tabulate {size}, weighted mean: rows to places", once * 1000, "ms", most=50),
        figure("  of it, reading and checking the rows of text", reading * 1000, "ms"),
        figure("  of it, the engine: checked numbers to places", (once - reading) * 1000, "ms", most=50),
        figure("  trimmed mean: rows to places", whole * 1000, "ms", most=50),
        figure("  time for 10 times as many marks", tenfold / once, "times", most=12),
        figure("  result document with all explanations", document * 1000, "ms"),
    ]


def contest(entries: int) -> Inputs:
    """Random marks in quarter points, always the same ones."""
    chance = random.Random(1)
    texts = [f"{quarter / 4:.2f}" for quarter in range(41)]
    judges = [f"Judge {j}" for j in range(JUDGES)]
    criteria = [f"Criterion {c}" for c in range(CRITERIA)]
    marks = [
        MarkRow(entry, judge, chance.choice(texts), criterion=criterion)
        for entry in map(str, range(entries))
        for criterion in criteria
        for judge in judges
    ]
    return Inputs(marks)


def fresh(result: Result) -> Result:
    """The result without the explanations it may have kept from a run before."""
    result.__dict__.pop("lines", None)
    return result


def best(work: Callable[[], Outcome], runs: int = 7) -> tuple[float, Outcome]:
    """Seconds of the fastest run, and what it gave."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        outcome = work()
        times.append(time.process_time() - start)
    return min(times), outcome
