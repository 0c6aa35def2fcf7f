"""What follows the log is killed while entries are written: every one reaches handlers and webhooks all the same.

Server, workers, database (with fsync) and receiver are processes of their own. EVENT_MANAGER_LONG_TESTS=1 takes many
rounds; `EVENT_MANAGER_KILL_ROUNDS=200 python3 run.py bench event_kills` is the full measurement.
"""

import os

from benchmarks.event_kills import storm

BLOWS = ["all processes", "PostgreSQL"]
ROUNDS = 20 if os.environ.get("EVENT_MANAGER_LONG_TESTS") else 1


def test_nothing_committed_is_lost_or_out_of_order_when_processes_and_database_are_killed() -> None:
    found = storm(BLOWS * ROUNDS)

    assert found.faults == []
    assert found.entries > 0
