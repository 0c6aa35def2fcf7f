"""Reading a judged category's result over HTTP, against reading the same stored document by pgbench."""

import asyncio
import json
import statistics
import subprocess
import sys
import time

from benchmarks.client import Connection, connection
from benchmarks.figures import Figure, figure
from benchmarks.hall import CATEGORY, ROOT, TENANT, Hall, hall, head, marks, request, uid
from benchmarks.judges import Plan, queue
from benchmarks.pgbench import transactions_per_second

CONNECTIONS, SECONDS, ROUNDS = 16, 5, 3
JUDGES, ENTRIES, CRITERIA = 7, 30, 5
RESULT = f"/api/scoring/categories/{uid(CATEGORY, 1)}/result"
SCRIPT = f"""
SELECT set_config('app.tenant_id', '{uid(TENANT, 1)}', false);
SELECT document FROM category_results WHERE tenant_id = '{uid(TENANT, 1)}' AND category_id = '{uid(CATEGORY, 1)}';
"""


def run() -> list[Figure]:
    """In full, and as a reader asks again who has the present version (If-None-Match)."""
    with hall(JUDGES, ENTRIES, CRITERIA) as made:
        made.start()
        tag = asyncio.run(_judge(made))
        _load(made, 1, "")
        full: list[float] = []
        again: list[float] = []
        cpu: list[float] = []
        cpu_again: list[float] = []
        for _ in range(ROUNDS):  # in turn, so that both sides see the same machine
            limit = transactions_per_second(made, SCRIPT, SECONDS)
            for shares, costs, known in ((full, cpu, ""), (again, cpu_again, tag)):
                before = made.cpu_seconds()
                rate = _load(made, SECONDS, known)
                shares.append(rate / limit)
                costs.append((made.cpu_seconds() - before) / (rate * SECONDS) * 1000)
        made.stop()
    size = f"{ENTRIES} entries"
    return [
        figure(f"read a result of {size} over HTTP / its document by pgbench", statistics.median(full), "ratio"),
        figure("  application CPU", statistics.median(cpu), "ms"),
        figure("  the same, unchanged since (304) / pgbench", statistics.median(again), "ratio"),
        figure("  application CPU", statistics.median(cpu_again), "ms"),
    ]


async def _judge(made: Hall) -> str:
    """Give every mark, close the judging, read once; the result's ETag."""
    plan = Plan(made.port, JUDGES, ENTRIES, CRITERIA, changes=0, batch=ENTRIES * CRITERIA)
    async with connection(made.port) as conn:
        for judge in range(1, JUDGES + 1):
            [batch] = queue(plan, judge)
            body = marks((f"result-{i}", *unit, value) for i, (unit, value) in enumerate(batch))
            await _expect(conn, request(judge, body, made.port))
        await _expect(conn, head("POST", RESULT.replace("/result", "/close"), 1, made.port))
        result = json.loads(await _expect(conn, head("GET", RESULT, 1, made.port)))
    return f'"{result["hash"]}"'


async def _expect(conn: Connection, sent: bytes) -> bytes:
    status, body = await conn.send(sent)
    if status != 200:
        raise RuntimeError(f"{status} {body.decode()}")
    return body


def _load(made: Hall, seconds: float, known: str) -> float:
    """Answers a second, asked for from a second process."""
    command = [sys.executable, "-m", "benchmarks.leaderboard", str(made.port), str(seconds), known]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


async def _flood(port: int, seconds: float, known: str) -> float:
    sent, expected = head("GET", RESULT, 1, port, {"If-None-Match": known} if known else {}), 304 if known else 200
    began = time.monotonic()

    async def one() -> int:
        count = 0
        async with connection(port) as conn:
            while time.monotonic() < began + seconds:
                status, body = await conn.send(sent)
                if status != expected:
                    raise RuntimeError(f"{status} {body.decode()}")
                count += 1
        return count

    counts = await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return sum(counts) / (time.monotonic() - began)


if __name__ == "__main__":
    print(asyncio.run(_flood(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3])))
