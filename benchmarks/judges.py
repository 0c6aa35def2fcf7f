"""Judges' devices in a storm: each sends its queue of marks until it is acknowledged, whatever happens to the server.

Run as a program of its own beside the server (`python -m benchmarks.judges PLAN`). It prints the number of
acknowledged marks as they come, a number a line, and in the end one line of JSON: a `Report`.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from benchmarks.client import Connection, connection
from benchmarks.hall import marks, request

PAUSE_SECONDS = 0.1
LONGEST_PAUSE = 1.0
ANSWER_SECONDS = 20
PROGRESS = 20

Unit = tuple[int, int]


@dataclass(frozen=True)
class Plan:
    """Every judge marks `entries` x `criteria` units and then changes `changes` of them, `batch` marks a request.

    ``every``: seconds between the requests of one judge (0: the next goes out when the last is acknowledged).
    """

    port: int
    judges: int
    entries: int
    criteria: int
    changes: int
    batch: int = 1
    every: float = 0
    patience: float = 300

    @property
    def marks(self) -> int:
        """Keys that are sent in all."""
        return self.judges * (self.entries * self.criteria + self.changes)

    @property
    def units(self) -> int:
        """Marks there are in the end."""
        return self.judges * self.entries * self.criteria


@dataclass
class Acknowledged:
    """One mark that the server has confirmed."""

    judge: int
    entry: int
    criterion: int
    key: str
    value: str
    revision: int


@dataclass
class Report:
    """What the devices saw. `calm`: milliseconds of the requests answered at the first attempt; `at`: when each
    request was acknowledged (monotonic clock); `answers`: how often each status came, "broken" for no answer."""

    marks: list[Acknowledged] = field(default_factory=list)
    calm: list[float] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    requests: int = 0

    def dump(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, line: str) -> "Report":
        """The inverse of `dump`."""
        read = json.loads(line)
        return cls(**{**read, "marks": [Acknowledged(**m) for m in read["marks"]]})


def queue(plan: Plan, judge: int) -> Iterator[list[tuple[Unit, str]]]:
    """A judge's batches of (unit, value) in the order of sending; no unit comes twice in a batch."""
    dice = random.Random(judge)
    units = [(e, c) for e in range(1, plan.entries + 1) for c in range(1, plan.criteria + 1)]
    dice.shuffle(units)
    for part in (units, units[: plan.changes]):
        for first in range(0, len(part), plan.batch):
            yield [(unit, f"{dice.randint(0, 100) / 10:.1f}") for unit in part[first : first + plan.batch]]


async def storm(plan: Plan) -> Report:
    """All judges at once, until everything is acknowledged. Raises TimeoutError when patience ends."""
    report = Report()
    async with asyncio.timeout(plan.patience):
        await asyncio.gather(*(_judge(plan, judge, report) for judge in range(1, plan.judges + 1)))
    return report


async def _judge(plan: Plan, judge: int, report: Report) -> None:
    due = time.monotonic() + plan.every * judge / plan.judges
    async with connection(plan.port) as conn:
        for number, batch in enumerate(queue(plan, judge)):
            await asyncio.sleep(due + plan.every * number - time.monotonic())
            keys = [f"storm-{judge}-{number}-{i}" for i in range(len(batch))]
            body = marks((key, *unit, value) for key, (unit, value) in zip(keys, batch, strict=True))
            saved = await _until_acknowledged(conn, request(judge, body, plan.port), report)
            report.marks += [
                Acknowledged(judge, *unit, key, value, saved[key])
                for key, (unit, value) in zip(keys, batch, strict=True)
            ]
            if len(report.marks) // PROGRESS > (len(report.marks) - len(batch)) // PROGRESS:
                print(len(report.marks), flush=True)


async def _until_acknowledged(conn: Connection, sent: bytes, report: Report) -> dict[str, int]:
    """Send the same bytes until they are confirmed; revisions by key."""
    report.requests += 1
    began = time.monotonic()
    attempts = 0
    while True:
        attempts += 1
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                status, body = await conn.send(sent)
        except (OSError, EOFError, TimeoutError):
            status, body = 0, b""
            conn.close()
        outcome = str(status or "broken")
        report.answers[outcome] = report.answers.get(outcome, 0) + 1
        if status == 200:
            now = time.monotonic()
            report.at.append(now)
            if attempts == 1:
                report.calm.append((now - began) * 1000)
            return {mark["key"]: mark["revision"] for mark in json.loads(body)["saved"]}
        await asyncio.sleep(min(PAUSE_SECONDS * attempts, LONGEST_PAUSE))


if __name__ == "__main__":
    print(asyncio.run(storm(Plan(**json.loads(sys.argv[1])))).dump())
