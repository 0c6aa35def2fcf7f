"""How deliveries of a webhook went, hour by hour, counted from deliveries and tries."""

from datetime import datetime, timedelta
from typing import Any

from event_manager.kit.db import Row
from event_manager.kit.work import Work
from event_manager.webhooks import schedule
from event_manager.webhooks.models import Endpoint
from event_manager.webhooks.schemas_deliveries import StatisticsBucket, StatisticsTotals, WebhookStatistics

# Deliveries are found by the time of their id. Those from before the hours in question ended in them only after a
# failed try, so the few are found by their tries.
STATISTICS = """
    WITH tries AS (
      SELECT a.delivery_id, a.at FROM webhook_attempts a
       WHERE a.tenant_id = %(tenant)s AND a.delivery_id >= uuidv7_floor(%(oldest)s)),
    ended AS (
      SELECT d.outcome, d.ended_at, d.ms FROM webhook_deliveries d
       WHERE d.tenant_id = %(tenant)s AND d.endpoint_id = %(endpoint)s AND d.id >= uuidv7_floor(%(since)s)
         AND d.ended_at >= %(since)s
      UNION ALL
      SELECT d.outcome, d.ended_at, d.ms FROM webhook_deliveries d
       WHERE d.tenant_id = %(tenant)s AND d.endpoint_id = %(endpoint)s AND d.ended_at >= %(since)s
         AND d.id = ANY (ARRAY(SELECT t.delivery_id FROM tries t WHERE t.delivery_id < uuidv7_floor(%(since)s)))),
    failed AS (
      SELECT t.at FROM tries t
       WHERE t.at >= %(since)s
         AND (EXISTS (SELECT 1 FROM webhook_queue q WHERE q.tenant_id = %(tenant)s AND q.id = t.delivery_id
                       AND q.endpoint_id = %(endpoint)s)
              OR EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.tenant_id = %(tenant)s AND d.id = t.delivery_id
                          AND d.endpoint_id = %(endpoint)s))
      UNION ALL SELECT ended_at FROM ended WHERE outcome = 'dead'),
    counted AS (
      SELECT date_trunc('hour', ended_at, 'UTC') AS hour, outcome = 'succeeded' AS ok, outcome = 'dead' AS dead,
             false AS failed, ms FROM ended
      UNION ALL SELECT date_trunc('hour', at, 'UTC'), false, false, true, NULL FROM failed)
    SELECT hour, count(*) FILTER (WHERE ok) AS succeeded, count(*) FILTER (WHERE failed) AS failed,
           count(*) FILTER (WHERE dead) AS dead,
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY ms) FILTER (WHERE ok) AS percentiles
      FROM counted GROUP BY GROUPING SETS ((hour), ()) ORDER BY hour NULLS LAST"""
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
    rows = await work.sql(STATISTICS, given)
    by_hour: dict[datetime | None, Row] = {row["hour"]: row for row in rows}
    times = [since + timedelta(hours=n) for n in range(hours)]
    return WebhookStatistics(
        hours=hours,
        buckets=[StatisticsBucket(at=at, **_figures(by_hour.get(at))) for at in times],
        totals=StatisticsTotals(**_figures(by_hour.get(None))),
    )


def _figures(row: Row | None) -> dict[str, Any]:
    if row is None:
        return {"succeeded": 0, "failed": 0, "dead": 0, "p50_ms": None, "p95_ms": None}
    p50, p95 = row["percentiles"] or (None, None)
    return {
        "succeeded": row["succeeded"], "failed": row["failed"], "dead": row["dead"],
        "p50_ms": _rounded(p50), "p95_ms": _rounded(p95),
    }  # fmt: skip


def _rounded(ms: float | None) -> float | None:
    return None if ms is None else round(ms, 1)
