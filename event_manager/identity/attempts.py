"""Lock-out with growing delay, per account and per client address.

Each statement is a platform transaction of its own, so that a refused sign-in cannot take its own count back. Attempts
on an account are counted before the password is looked at: many at once do not slip through. Accounts that do not
exist are counted alike, so the lock-out tells nobody which do.
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


async def _run(work: Work, query: str, kind: Kind, name: str) -> list[Row]:
    subject = hashlib.sha256(f"{kind}:{name.lower()}".encode()).digest()
    facts: dict[str, Any] = {"subject": subject, "at": work.now(), "free": FREE[kind]}
    async with work.database.platform.single() as conn:
        cursor = await conn.execute(query, facts)
        return await cursor.fetchall() if cursor.description else []
