"""What jobs can be: coroutines registered under a name, with how often and how patiently each is tried.

    @task("mail.send", max_attempts=8, timeout=60)
    async def send_mail(work: JobWork, *, mail_id: str) -> None: ...

A handler gets ids, opens nothing, and calls one function of its room's service. What it writes through `work` is
committed together with the end of the job, so that it happens exactly once; what it does outside of the database can
happen again after a crash and must bear that. It may commit in between (before it waits for somebody outside); the end
of the job belongs to the last transaction.
"""

import random
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from event_manager.kit.access import Actor, system_actor

Handler = Callable[..., Awaitable[None]]
NAME = re.compile(r"^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$")


class Permanent(Exception):
    """Raised by a handler: trying again is useless. The job becomes a dead letter with this reason."""


class Temporary(Exception):
    """Raised by a handler: somebody outside refuses for now. Tried again like any failure, told without a trace."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses between tries, in seconds: ``first * factor ** (attempt - 1)``, at most ``cap``, spread by ``jitter``."""

    first: float = 5.0
    factor: float = 2.0
    cap: float = 3600.0
    jitter: float = 0.2

    def pause(self, attempt: int) -> timedelta:
        """The pause after this (failed) attempt, counted from 1."""
        plain = min(self.cap, self.first * self.factor ** min(attempt - 1, 64))
        return timedelta(seconds=plain * random.uniform(1 - self.jitter, 1 + self.jitter))  # noqa: S311 - no secret


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of job."""

    name: str
    run: Handler
    max_attempts: int
    timeout: float
    backoff: Backoff
    platform: bool
    actor: Actor
    cron: str


_tasks: dict[str, Task] = {}


def task(
    name: str,
    *,
    max_attempts: int = 10,
    timeout: float = 60.0,
    backoff: Backoff = Backoff(),
    platform: bool = False,
    permissions: Iterable[str] = (),
    cron: str = "",
) -> Callable[[Handler], Handler]:
    """Register a coroutine function ``(work: JobWork, **args)`` as the task `name` (``room.verb``).

    It runs as a system actor with `permissions`, in the tenant of whoever deferred it; with `platform` as the database
    role that sees all tenants. `timeout` in seconds. `cron` (UTC) runs it for the installation, without arguments.
    Raises ValueError for a malformed name or one that another function has.
    """
    if not NAME.match(name):
        raise ValueError(f"'{name}' is no task name: use 'room.verb' in lower case")

    def register(run: Handler) -> Handler:
        known = _tasks.get(name)
        if known is not None and known.run.__qualname__ != run.__qualname__:
            raise ValueError(f"the task '{name}' is already {known.run.__module__}.{known.run.__qualname__}")
        actor = system_actor(name, permissions)
        _tasks[name] = Task(name, run, max_attempts, timeout, backoff, platform, actor, cron)
        return run

    return register


def tasks() -> Mapping[str, Task]:
    """Every task whose module has been imported, by name."""
    return _tasks
