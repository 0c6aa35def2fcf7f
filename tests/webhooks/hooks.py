"""What tests of webhooks over HTTP share: a webhook in a call, and rows that senders would have written."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from event_manager.kit.db import Database
from event_manager.kit.work import Work

WEBHOOKS = "/api/events/webhooks"
HOOK = {"name": "Ticketing", "url": "https://hooks.example.org/in", "events": ["score.*", "contest.created"]}


async def create(api: httpx.AsyncClient, who: dict[str, str], **changes: Any) -> dict[str, Any]:
    """A webhook as the answer shows it, its secret included."""
    answer = await api.post(WEBHOOKS, json={**HOOK, **changes}, headers=who)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def faults(answer: httpx.Response) -> dict[str, str]:
    """Pointers and details of a refusal."""
    assert answer.status_code == 422, answer.text
    return {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]}


async def logged(api: httpx.AsyncClient, who: dict[str, str], kind: str = "webhook.*") -> list[dict[str, Any]]:
    """Entries of the log, newest first."""
    answer = await api.get("/api/events/logs", params={"eventType": kind, "limit": "200"}, headers=who)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


class Past:
    """Writes deliveries of a tenant straight into the tables, as a sender does."""

    def __init__(self, database: Database, tenant: UUID) -> None:
        self.database = database
        self.tenant = tenant

    async def sql(self, query: str, **given: Any) -> Any:
        """One statement; the first column of its first row."""
        async with Work(self.database, role="platform", tenant_id=self.tenant) as work:
            rows = await work.sql(query, {"tenant": self.tenant, **given})
            await work.commit()
        return next(iter(rows[0].values())) if rows else None

    async def waits(self, hook: str, event: str, *, attempts: int = 0) -> str:
        """A delivery in the queue, after so many failed tries of an hour ago."""
        made = await self.sql(
            """INSERT INTO webhook_queue (tenant_id, endpoint_id, event_id, event_type, ord_key, attempts, next_at)
               VALUES (%(tenant)s, %(hook)s, %(event)s, 'contest.created', %(event)s, %(attempts)s, now())
               RETURNING id""",
            hook=hook, event=event, attempts=attempts,
        )  # fmt: skip
        for n in range(1, attempts + 1):
            await self.failed(str(made), n)
        return str(made)

    async def failed(self, delivery: str, n: int, *, at: datetime | None = None, status: int = 503) -> None:
        """A failed try."""
        await self.sql(
            """INSERT INTO webhook_attempts (tenant_id, delivery_id, n, at, status, ms, timings, ip, request_headers,
                                             response_head, response_body)
               VALUES (%(tenant)s, %(id)s, %(n)s, coalesce(%(at)s, now() - interval '1 hour'), %(status)s, 12.5,
                       '{1,2,3,4}', '192.0.2.7', 'webhook-id: x', 'HTTP/1.1 503 Busy', '\\x00ff')""",
            id=delivery, n=n, at=at, status=status,
        )  # fmt: skip

    async def ended(
        self, hook: str, event: str, outcome: str = "succeeded", *, at: datetime | None = None, ms: float = 20.0,
        attempts: int = 1, queued: timedelta = timedelta(),
    ) -> str:  # fmt: skip
        """A delivery that ended, queued so long before."""
        made = await self.sql(
            """INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, outcome, attempts,
                                               ended_at, status, ms, request_headers, response_body)
               VALUES (%(tenant)s, uuidv7(coalesce(%(at)s, now()) - %(queued)s - now()), %(hook)s, %(event)s,
                       'contest.created', %(outcome)s, %(attempts)s, coalesce(%(at)s, now()), 200, %(ms)s,
                       'webhook-id: x', 'ok') RETURNING id""",
            hook=hook, event=event, outcome=outcome, attempts=attempts, at=at, ms=ms, queued=queued,
        )  # fmt: skip
        return str(made)
