"""The product's side of the benchmarks of deliveries: a real worker process over a database of its own, and webhooks.

Webhooks are set up by the room's own service; entries are appended as any service does, by the log's own function.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

import event_manager.app  # noqa: F401 - defines all types of events, which webhooks name
from benchmarks.hall import ROOT, TENANT, Hall, hall, uid
from event_manager.kit import migrate
from event_manager.kit.access import system_actor
from event_manager.kit.clock import SystemClock
from event_manager.kit.db import Database
from event_manager.kit.egress import Guard
from event_manager.kit.work import Work
from event_manager.webhooks import credentials, service
from event_manager.webhooks.checking import Terms
from event_manager.webhooks.schemas import WebhookCreate

APPEND = """
    SELECT event_log_append(%s, %s, 1::smallint, 'contest', %s, 'user', '00000000-0000-7000-8008-000000000001',
                            'Ann Organiser', '192.0.2.1', 'bench', NULL, clock_timestamp(), convert_to(%s, 'UTF8'),
                            NULL)"""
TENANTS = "INSERT INTO tenants (id, slug, name) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING"


@dataclass
class Product:
    """An installation with tenants; ``workers`` are its running processes. ``environment``: for those started next."""

    made: Hall
    tenants: list[UUID]
    environment: dict[str, str]
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    started: int = 0

    @property
    def postgres(self) -> int:
        """Process id of the database server."""
        server = self.made.installation.server
        if server is None or server.pid is None:
            raise RuntimeError("the database does not run")
        return server.pid

    def connect(self, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection past row security."""
        return psycopg.connect(self.made.superuser_dsn, **options)

    def value(self, query: str, *given: object) -> Any:
        """The one value that a query answers."""
        with self.connect(autocommit=True) as conn:
            row = conn.execute(query, given).fetchone()
        return row[0] if row else None

    def start_worker(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start a worker's process and wait until it works. ``command``: another one instead."""
        arguments = [*(command or ("-m", "event_manager", "worker")), "--data-dir", str(self.made.folder)]
        said = self.made.folder.parent / f"process-{self.started}.out"  # not a pipe, which would fill up
        self.started += 1
        with said.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **self.environment}, stdout=out
            )
        self.workers.append(process)
        while not said.stat().st_size:
            if process.poll() is not None:
                self.stop_worker(process)
                raise RuntimeError(f"the process did not start (exit code {process.returncode})")
            time.sleep(0.02)
        return process

    def stop_worker(self, process: "subprocess.Popen[bytes]", *, by: signal.Signals = signal.SIGKILL) -> None:
        """End a worker's process."""
        process.send_signal(by)
        process.wait(timeout=60)
        self.workers.remove(process)

    def create_endpoints(self, wanted: Sequence[tuple[UUID, dict[str, object]]]) -> list[UUID]:
        """Set up a webhook for each (tenant, fields as the API takes them); returns their ids."""
        return asyncio.run(self._create(wanted))

    async def _create(self, wanted: Sequence[tuple[UUID, dict[str, object]]]) -> list[UUID]:
        installation = self.made.installation
        logins = migrate.logins(installation.admin_dsn, installation.secret_key, installation.roles)
        terms = Terms(Guard(["127.0.0.0/8"]), credentials.box(installation.secret_key), 10, 15_000)
        database = Database(app_dsn=logins.app, platform_dsn=logins.platform, pool_size=2)
        await database.open()
        made = []
        try:
            for number, (tenant, fields) in enumerate(wanted):
                actor = system_actor("bench", ["webhooks:manage"])
                async with Work(database, tenant_id=tenant, actor=actor, clock=SystemClock()) as work:
                    given = {"name": f"webhook {number}", "events": ["*"], **fields}
                    endpoint, _secret = await service.create_endpoint(work, WebhookCreate.model_validate(given), terms)
                    await work.commit()
                    made.append(endpoint.id)
        finally:
            await database.close()
        return made


@contextmanager
def product(*, tenants: int, slots: int = 50) -> Iterator[Product]:
    """A migrated installation with fsync on and so many organisations; all is removed at the end."""
    with hall(judges=1, entries=1, criteria=1) as made:
        ids = [UUID(uid(TENANT, n + 1)) for n in range(tenants)]
        with psycopg.connect(made.superuser_dsn) as conn:
            for n, tenant in enumerate(ids):
                conn.execute(TENANTS, (tenant, f"tenant-{n}", f"Tenant {n}"))
        environment = {
            "LOG_LEVEL": "ERROR",
            "EVENT_MANAGER_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
            "EVENT_MANAGER_WEBHOOK_SLOTS": str(slots),
        }
        ready = Product(made, ids, environment)
        try:
            yield ready
        finally:
            for process in list(ready.workers):
                ready.stop_worker(process)


def entry(mark: str, size: int = 0) -> str:
    """The payload of an entry that carries a mark, padded to a size in bytes."""
    head = '{"contestId":"' + uid(3, 1) + '","changes":{"name":["' + mark + '","'
    return head + "x" * max(1, size - len(head) - 5) + '"]}}'
