"""Lock-out with growing delay, per account and per client address.

Attempts are counted by a platform transaction of their own, before the work's begins, so that a refused sign-in cannot
take its own count back; on an account even before the password is looked at, so that many at once do not slip through.
Accounts that do not exist are counted alike: the lock-out tells nobody which do.
"""

import hashlib
from typing import Any, Literal

from event_manager.identity.errors import SignInLocked
from event_manager.kit.db import Row
from event_manager.kit.work import Work

Kind = Literal["account", "address", "second_factor", "reset"]
FREE: dict[Kind, int] = {"account": 5, "address": 50, "second_factor": 5, "reset": 3}
"""Attempts before delays begin. Addresses have more: a whole jury may sit behind one."""

COUNT = """
INSERT INTO sign_in_attempts AS a (subject, failures, last_at, locked_until) VALUES (%(subject)s, 1, %(at)s, NULL)
ON CONFLICT (subject) DO UPDATE SET
  last_at = %(at)s,
  failures = CASE WHEN a.last_at < %(at)s - interval '1 day' THEN 1 ELSE a.failures + 1 END,
  locked_until = CASE WHEN a.last_at >= %(at)s - interval '1 day' AND a.failures + 1 >= %(free)s
                 THEN %(at)s + least(power(2, least(a.failures + 1 - %(free)s, 10)), 900) * interval '1 second' END
WHERE a.locked_until IS NULL OR a.locked_until <= %(at)s
RETURNING failures"""
LOCKED = "SELECT locked_until FROM sign_in_attempts WHERE subject = %(subject)s AND locked_until > %(at)s"
FORGIVE = "DELETE FROM sign_in_attempts WHERE subject = %(subject)s"
EASE = "UPDATE sign_in_attempts SET failures = greatest(failures - %(eased)s, 0) WHERE subject = %(subject)s"
EASED_BY_SUCCESS = 5
"""Failures that a success from the same address makes up for: a hall of judges who mistype stays open."""


async def count(work: Work, kind: Kind, name: str) -> None:
    """Count an attempt. Raises SignInLocked, without counting, while the delay of earlier ones runs."""
    if not await _run(work, COUNT, kind, name):
        await check(work, kind, name)


async def check(work: Work, kind: Kind, name: str) -> None:
    """Raise SignInLocked while a delay runs, without counting."""
    for row in await _run(work, LOCKED, kind, name):
        seconds = max(1, round((row["locked_until"] - work.now()).total_seconds()))
        raise SignInLocked(
            f"There were too many attempts. Wait {seconds} s and try again.", headers={"Retry-After": str(seconds)}
        )


async def forgive(work: Work, kind: Kind, name: str) -> None:
    """Forget the attempts after a success."""
    await _run(work, FORGIVE, kind, name)


async def ease(work: Work, kind: Kind, name: str) -> None:
    """Make up for some attempts after a success."""
    await _run(work, EASE, kind, name)


async def _run(work: Work, query: str, kind: Kind, name: str) -> list[Row]:
    subject = hashlib.sha256(f"{kind}:{name.lower()}".encode()).digest()
    facts: dict[str, Any] = {"subject": subject, "at": work.now(), "free": FREE[kind], "eased": EASED_BY_SUCCESS}
    if work.role == "platform":  # never a second connection beside an open one: the pool could run dry of first ones
        return await work.single(query, facts)
    async with work.database.platform.single() as conn:
        cursor = await conn.execute(query, facts)
        return await cursor.fetchall() if cursor.description else []
