"""Judges submit at once while the server and the database are killed: nothing acknowledged is lost or doubled.

Server, database (with fsync) and judges are processes of their own, as in a hall. EVENT_MANAGER_LONG_TESTS=1 takes
300 judges with 50 marks each; `python3 run.py bench storm` tells how long that takes.
"""

import os
from collections.abc import Callable

import pytest

from benchmarks.hall import Hall, hall
from benchmarks.judges import Plan
from benchmarks.storm import Blow, kill_database, kill_server, weather

JUDGES, ENTRIES, CRITERIA, CHANGES = (300, 8, 5, 10) if os.environ.get("EVENT_MANAGER_LONG_TESTS") else (60, 5, 3, 3)


@pytest.mark.parametrize("strike", [kill_server, kill_database])
def test_every_acknowledged_mark_is_there_exactly_once(strike: Callable[[Hall], None]) -> None:
    with hall(JUDGES, ENTRIES, CRITERIA) as made:
        made.start()
        plan = Plan(made.port, JUDGES, ENTRIES, CRITERIA, CHANGES)

        outcome = weather(made, plan, [Blow(plan.marks // 3, strike)])

        assert (outcome.lost, outcome.doubled, outcome.faults) == ([], [], [])
        assert len(outcome.report.marks) == plan.marks
        assert outcome.report.answers["200"] < sum(outcome.report.answers.values())  # the blow was felt
