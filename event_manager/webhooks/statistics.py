"""How deliveries of a webhook went, hour by hour, counted from deliveries and tries."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import ceil, floor
from typing import Any

from event_manager.kit.work import Work
from event_manager.webhooks import schedule
from event_manager.webhooks.models import Endpoint
from event_manager.webhooks.schemas_deliveries import StatisticsBucket, StatisticsTotals, WebhookStatistics

# Deliveries are found by the time of their id. Those from before the hours in question ended in them only after a
# failed try, so the few are found by their tries.
STATISTICS = """
    WITH tries AS (
      SELECT a.delivery_id, a.at FROM webhook_attempts a
       WHERE a.tenant_id = %(tenant)s AND a.delivery_id >= uuidv7_floor(%(oldest)s))
    SELECT floor(date_part('epoch', ended_at) / 3600)::int AS hour, outcome AS kind, count(*) AS n, avg(ms) AS ms
      FROM (SELECT d.outcome, d.ended_at, d.ms FROM webhook_deliveries d
             WHERE d.tenant_id = %(tenant)s AND d.endpoint_id = %(endpoint)s AND d.id >= uuidv7_floor(%(since)s)
            UNION ALL
            SELECT d.outcome, d.ended_at, d.ms FROM webhook_deliveries d
             WHERE d.tenant_id = %(tenant)s AND d.endpoint_id = %(endpoint)s
               AND d.id = ANY (ARRAY(SELECT t.delivery_id FROM tries t WHERE t.delivery_id < uuidv7_floor(%(since)s)))
           ) AS ended
     WHERE ended_at >= %(since)s AND outcome IN ('succeeded', 'dead')
     GROUP BY 1, 2, (20 * ln(greatest(ms, 0.1)))::int
    UNION ALL
    SELECT floor(date_part('epoch', t.at) / 3600)::int, 'failed', count(*), NULL
      FROM tries t
     WHERE t.at >= %(since)s
       AND (EXISTS (SELECT 1 FROM webhook_queue q WHERE q.tenant_id = %(tenant)s AND q.id = t.delivery_id
                     AND q.endpoint_id = %(endpoint)s)
            OR EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.tenant_id = %(tenant)s AND d.id = t.delivery_id
                        AND d.endpoint_id = %(endpoint)s))
     GROUP BY 1"""
"""How many of a kind in an hour, by how long they took: in bins of 5 %, so that a million need no sorting."""
SPARE = 1.5
"""Delays are drawn longer or shorter and receivers may ask for more; so much longer may a delivery have waited."""


async def of_endpoint(work: Work, endpoint: Endpoint, hours: int) -> WebhookStatistics:
    """The last full hours and the present one, ``hours`` in all."""
    present = work.now().replace(minute=0, second=0, microsecond=0)
    since = present - timedelta(hours=hours - 1)
    delays = endpoint.delays if endpoint.delays is not None else schedule.DEFAULT.delays
    given = {
        "tenant": work.tenant, "endpoint": endpoint.id, "since": since,
        "oldest": since - SPARE * timedelta(seconds=sum(delays)),
    }  # fmt: skip
    counts: defaultdict[datetime, _Counts] = defaultdict(_Counts)
    total = _Counts()
    for row in await work.sql(STATISTICS, given):
        for place in (counts[datetime.fromtimestamp(row["hour"] * 3600, UTC)], total):
            place.take(row["kind"], row["n"], row["ms"])
    return WebhookStatistics(
        hours=hours,
        buckets=[
            StatisticsBucket(at=at, **counts[at].figures()) for at in (since + timedelta(hours=n) for n in range(hours))
        ],
        totals=StatisticsTotals(**total.figures()),
    )


class _Counts:
    """What is counted of an hour, or of all."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self._times: list[tuple[float, int]] = []

    def take(self, kind: str, count: int, ms: float | None) -> None:
        """Add so many of a kind, which took so long on average."""
        self._numbers[kind] += count
        if kind == "dead":  # its last try failed as well, and stands nowhere else
            self._numbers["failed"] += count
        if kind == "succeeded" and ms is not None:
            self._times.append((ms, count))

    def figures(self) -> dict[str, Any]:
        """The fields of the answer."""
        times = sorted(self._times)
        return {
            "succeeded": self._numbers["succeeded"], "failed": self._numbers["failed"], "dead": self._numbers["dead"],
            "p50_ms": percentile(times, 0.5), "p95_ms": percentile(times, 0.95),
        }  # fmt: skip


def percentile(times: Sequence[tuple[float, int]], share: float) -> float | None:
    """The time below which this share lies, of (time, how often) in order; between two, by their distance."""
    count = sum(n for _ms, n in times)
    if not count:
        return None
    ends = list(accumulate(n for _ms, n in times))
    place = share * (count - 1)
    lower, upper = (times[bisect_right(ends, at)][0] for at in (floor(place), ceil(place)))
    return round(lower + (upper - lower) * (place - floor(place)), 1)
