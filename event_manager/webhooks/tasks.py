"""Jobs of webhooks: partitions of what was delivered, and an end for what was held too long."""

from datetime import timedelta

from event_manager.kit.jobs import JobWork, task
from event_manager.kit.metrics import DELIVERIES_WAITING

WEEKS_AHEAD = 4
HELD_DAYS = 30
"""What waits for an endpoint that is off or paused is given up after so many days."""
AT_ONCE = 5000
MOST_COUNTED = 1_000_000
HELD = "AND (NOT e.enabled OR e.health ->> 'state' = 'paused')"
SKIP = f"""
    WITH chosen AS (
      SELECT q.tenant_id, q.id FROM webhook_endpoints e
        JOIN webhook_queue q ON q.tenant_id = e.tenant_id AND q.endpoint_id = e.id
       WHERE q.id < uuidv7_floor(%s) {HELD} LIMIT %s),
    gone AS (
      DELETE FROM webhook_queue q USING chosen c WHERE q.tenant_id = c.tenant_id AND q.id = c.id
      RETURNING q.tenant_id, q.id, q.endpoint_id, q.event_id, q.event_type, q.replay_id, q.suffix, q.attempts)
    INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix, outcome,
                                    attempts, ended_at, error)
    SELECT tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix, 'skipped', attempts, %s, %s
      FROM gone RETURNING id"""  # noqa: S608 - constants


@task("webhooks.ensure-partitions", platform=True, cron="15 2 * * *")
async def ensure_partitions(work: JobWork) -> None:
    """Have the partitions of this week and the next four; drop those whose deliveries are kept long enough."""
    await work.sql("SELECT webhook_ensure_partitions(%s, %s)", (WEEKS_AHEAD, work.settings.delivery_retention_days))


@task("webhooks.skip-held", platform=True, cron="35 * * * *")
async def skip_held(work: JobWork) -> None:
    """End deliveries that were held for 30 days."""
    before = work.now() - timedelta(days=HELD_DAYS)
    reason = f"the webhook was off for {HELD_DAYS} days"
    while len(await work.sql(SKIP, (before, AT_ONCE, work.now(), reason))) == AT_ONCE:
        await work.commit()


@task("webhooks.count-waiting", platform=True, cron="* * * * *")
async def count_waiting(work: JobWork) -> None:
    """Tell the metrics how many deliveries wait; counted up to a million."""
    [row] = await work.sql("SELECT count(*) AS n FROM (SELECT FROM webhook_queue LIMIT %s) q", (MOST_COUNTED,))
    DELIVERIES_WAITING.set(row["n"])
