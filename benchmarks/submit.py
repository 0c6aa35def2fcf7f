"""Submitting marks over HTTP, against the same SQL function called by pgbench on the same server."""

import asyncio
import random
import subprocess
import sys
import time

from benchmarks.client import connection
from benchmarks.figures import Figure, figure
from benchmarks.hall import CATEGORY, TENANT, Hall, hall, marks, request, uid
from benchmarks.pgbench import transactions_per_second

CONNECTIONS = 16
SECONDS = 8
SCRIPT = f"""
\\set judge random(1, JUDGES)
\\set entry random(1, ENTRIES)
\\set criterion random(1, CRITERIA)
\\set key random(1, 9000000000000000)
\\set mark random(0, 100)
SELECT scoring_submit_marks('{uid(TENANT, 1)}'::uuid,
  ('00000000-0000-7000-8008-' || lpad(to_hex(:judge::bigint), 12, '0'))::uuid, '{uid(CATEGORY, 1)}'::uuid,
  'user', ('00000000-0000-7000-8008-' || lpad(to_hex(:judge::bigint), 12, '0'))::uuid, '', '',
  decode(repeat('ab', 90), 'hex'), 'bench',
  now(),
  jsonb_build_array(jsonb_build_object('key', 'bench-' || :key,
    'entry', '00000000-0000-7000-8006-' || lpad(to_hex(:entry::bigint), 12, '0'),
    'criterion', '00000000-0000-7000-8005-' || lpad(to_hex(:criterion::bigint), 12, '0'),
    'value', (:mark / 10.0)::numeric(6, 1)::text)));
"""


def run() -> list[Figure]:
    """Requests a second over HTTP as a share of pgbench's, and processor time per request."""
    with hall(judges=60, entries=30, criteria=5) as made:
        made.start()
        _load(made, 2)
        shares, cpu = [], []
        for _ in range(3):  # in turn, so that both sides see the same machine
            limit = _pgbench(made)
            before = made.cpu_seconds()
            sent, seconds = _load(made, SECONDS)
            cpu.append((made.cpu_seconds() - before) / sent * 1000)
            shares.append(sent / seconds / limit)
        made.stop()
    return [
        figure("submit a mark over HTTP / same SQL function by pgbench", sorted(shares)[1], "ratio", least=0.22),
        figure("application CPU per submitted mark", sorted(cpu)[1], "ms", most=1.2),
    ]


def _pgbench(made: Hall) -> float:
    return transactions_per_second(made, script(made), SECONDS)


def script(made: Hall) -> str:
    """pgbench's script: one mark by any judge of the hall."""
    numbers = {"JUDGES": made.judges, "ENTRIES": made.entries, "CRITERIA": made.criteria}
    text = SCRIPT
    for name, number in numbers.items():
        text = text.replace(name, str(number))
    return text


def _load(made: Hall, seconds: float) -> tuple[int, float]:
    """Requests answered by 200 from a second process, and the time they took."""
    command = [sys.executable, "-m", "benchmarks.submit", str(made.port), str(seconds)]
    command += [str(n) for n in (made.judges, made.entries, made.criteria)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    sent, took = done.stdout.split()
    return int(sent), float(took)


async def _flood(port: int, seconds: float, judges: int, entries: int, criteria: int) -> tuple[int, float]:
    end = time.monotonic() + seconds

    async def one(seed: int) -> int:
        dice, sent = random.Random(f"{seed} {time.time()}"), 0
        async with connection(port) as conn:
            while time.monotonic() < end:
                judge, value = dice.randint(1, judges), f"{dice.randint(0, 100) / 10:.1f}"
                unit = (dice.randint(1, entries), dice.randint(1, criteria))
                body = marks([(f"load-{seed}-{dice.getrandbits(50)}", *unit, value)])
                status, answer = await conn.send(request(judge, body, port))
                if status != 200:
                    raise RuntimeError(f"{status} {answer.decode()}")
                sent += 1
        return sent

    started = time.monotonic()
    counts = await asyncio.gather(*(one(n) for n in range(CONNECTIONS)))
    return sum(counts), time.monotonic() - started


def _main() -> None:
    port, seconds, judges, entries, criteria = (float(a) for a in sys.argv[1:])
    sent, took = asyncio.run(_flood(int(port), seconds, int(judges), int(entries), int(criteria)))
    print(sent, took)


if __name__ == "__main__":
    _main()
