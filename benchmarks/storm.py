"""A storm of judges while server and database are killed: nothing acknowledged may be lost, nothing may be doubled."""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import psycopg

from benchmarks.figures import Figure, figure
from benchmarks.hall import CRITERION, ENTRY, ROOT, SEAT, Hall, hall, uid
from benchmarks.judges import Acknowledged, Plan, Report

ALLOWED = {"200", "503", "broken"}
HISTORY = """
    SELECT seat_id::text, category_entry_id::text, criterion_id::text, revision, key, value FROM mark_revisions"""
MARKS = "SELECT seat_id::text, category_entry_id::text, criterion_id::text, revision, value FROM marks"
LOGGED = """
    SELECT b ->> 'seatId', m ->> 'entryId', m ->> 'criterionId', (m ->> 'revision')::int
      FROM event_log, CAST(convert_from(body, 'UTF8') AS jsonb) b, jsonb_array_elements(b -> 'marks') m
     WHERE type = 'score.submitted'"""
ENTRIES_LOGGED = "SELECT count(*) FROM event_log WHERE type = 'score.submitted'"


@dataclass(frozen=True)
class Blow:
    """Something that happens once so many marks have been acknowledged."""

    after: int
    strike: Callable[[Hall], None]


@dataclass(frozen=True)
class Outcome:
    """What the devices saw, how the database differs from it, and the longest silence after each blow (seconds).

    ``lost`` and ``doubled`` name marks; ``faults`` are sentences about anything else that should not be.
    """

    report: Report
    lost: list[str]
    doubled: list[str]
    faults: list[str]
    silences: list[float]


def run() -> list[Figure]:
    """A championship's peak, then the reconnect storm of 300 devices with 50 queued marks each and two blows."""
    return [*peak(), *reconnect()]


def peak() -> list[Figure]:
    """300 judges, a mark a second each, nothing fails: how long a mark takes."""
    with hall(judges=300, entries=5, criteria=2) as made:
        made.start()
        plan = Plan(made.port, 300, entries=5, criteria=2, changes=0, every=1)
        outcome = weather(made, plan, [])
    return [
        figure("mark saved, 300 marks/s by 300 judges, median", percentile(outcome.report.calm, 50), "ms"),
        figure("mark saved, 300 marks/s by 300 judges, p95", percentile(outcome.report.calm, 95), "ms", most=150),
        figure("  lost or doubled", len(outcome.lost + outcome.doubled), "marks", most=0),
    ]


def reconnect() -> list[Figure]:
    """15 000 marks as fast as they go, in requests of 5; the server is killed at a third, the database at two."""
    with hall(judges=300, entries=8, criteria=5) as made:
        made.start()
        plan = Plan(made.port, 300, entries=8, criteria=5, changes=10, batch=5)
        began = time.monotonic()
        blows = [Blow(plan.marks // 3, kill_server), Blow(plan.marks * 2 // 3, kill_database)]
        outcome = weather(made, plan, blows)
        took = max(outcome.report.at) - began
    report, (server, database) = outcome.report, outcome.silences
    return [
        figure(f"storm of {plan.marks} marks, 300 judges, two kills: acknowledged after", took, "s", most=30),
        figure("  acknowledged marks lost", len(outcome.lost), "marks", most=0),
        figure("  marks doubled", len(outcome.doubled), "marks", most=0),
        figure("  other faults", len(outcome.faults), "faults", most=0),
        figure("  request of 5 marks, median", percentile(report.calm, 50), "ms"),
        figure("  request of 5 marks, p95", percentile(report.calm, 95), "ms"),
        figure("  silence when the server is killed and started again", server, "s"),
        figure("  silence when the database is killed (its guard starts it)", database, "s"),
        figure("  requests sent again", sum(report.answers.values()) - report.requests, "requests"),
    ]


def kill_server(made: Hall) -> None:
    """kill -9, and start it again."""
    made.kill()
    made.start()


def kill_database(made: Hall) -> None:
    """kill -9 of PostgreSQL's first process; the guard of whoever uses it starts it again."""
    server = made.installation.server
    pid = server.pid if server else None
    if pid is None:
        raise RuntimeError("the database does not run")
    os.kill(pid, signal.SIGKILL)


def weather(made: Hall, plan: Plan, blows: Sequence[Blow]) -> Outcome:
    """Let the storm pass over a running hall, strike at the given moments, and compare what is left."""
    command = [sys.executable, "-m", "benchmarks.judges", json.dumps(asdict(plan))]
    waiting, struck = list(blows), []
    last = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as judges:
        for line in judges.stdout or ():
            last = line
            if line.startswith("{"):
                break
            if waiting and int(line) >= waiting[0].after:
                struck.append(time.monotonic())
                waiting.pop(0).strike(made)
    if not last.startswith("{"):
        raise RuntimeError(f"the judges gave up (exit code {judges.returncode})")
    report = Report.load(last)
    with psycopg.connect(made.superuser_dsn) as conn:
        history, marks, logged = (conn.execute(query).fetchall() for query in (HISTORY, MARKS, LOGGED))
        [entries] = conn.execute(ENTRIES_LOGGED).fetchone() or (0,)
    lost, doubled = differences(report.marks, history, marks)
    doubled += [f"{given} in {n} log entries" for given, n in Counter(logged).items() if n > 1]
    faults = [f"answered {status}, {n} times" for status, n in report.answers.items() if status not in ALLOWED]
    if {row[:4] for row in history} != set(logged):
        faults.append("the log names other marks than the history")
    if entries != report.requests:
        faults.append(f"{entries} log entries for {report.requests} batches")
    if (len(history), len(marks)) != (plan.marks, plan.units):
        faults.append(f"{len(history)} revisions of {len(marks)} marks, not {plan.marks} of {plan.units}")
    return Outcome(report, lost, doubled, faults, [silence(report.at, moment) for moment in struck])


def differences(
    acknowledged: Sequence[Acknowledged], history: Sequence[tuple[Any, ...]], marks: Sequence[tuple[Any, ...]]
) -> tuple[list[str], list[str]]:
    """Marks that were confirmed but are not there as confirmed, and keys that were stored more than once."""
    stored = {(seat, key): ((seat, *rest), value) for seat, *rest, key, value in history}
    present = {(seat, entry, criterion): (revision, value) for seat, entry, criterion, revision, value in marks}
    latest: dict[tuple[str, str, str], tuple[int, Decimal]] = {}
    lost = []
    for mark in acknowledged:
        seat, entry, criterion = uid(SEAT, mark.judge), uid(ENTRY, mark.entry), uid(CRITERION, mark.criterion)
        value = Decimal(mark.value)
        if stored.get((seat, mark.key)) != ((seat, entry, criterion, mark.revision), value):
            lost.append(f"{mark} is stored as {stored.get((seat, mark.key))}")
        latest[seat, entry, criterion] = max(latest.get((seat, entry, criterion), (0, value)), (mark.revision, value))
    lost += [
        f"{unit} shows {present.get(unit)}, not {last}" for unit, last in latest.items() if present.get(unit) != last
    ]
    doubled = [f"{key} {n} times" for key, n in Counter((row[0], row[4]) for row in history).items() if n > 1]
    return lost, doubled


def silence(at: Sequence[float], moment: float) -> float:
    """The longest time without an acknowledgement that begins within two seconds after a moment."""
    times = sorted(at)
    gaps = [b - a for a, b in pairwise(times) if b > moment and a < moment + 2]
    return max(gaps, default=0.0)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    return statistics.quantiles(values, n=100)[percent - 1]
