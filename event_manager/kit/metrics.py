"""Prometheus metrics of a process. Labels never hold a tenant's data."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
REQUESTS = Histogram(
    "event_manager_http_seconds",
    "Time to answer, by route and status class.",
    ("method", "route", "status"),
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
STREAMS = Gauge("event_manager_streams", "Open server-sent event streams.", registry=REGISTRY)
SEAL_LAG = Gauge(
    "event_manager_seal_lag_seconds",
    "Age of the oldest entry of the event log that is not sealed yet.",
    registry=REGISTRY,
)
FAN_OUT_LAG = Gauge(
    "event_manager_webhook_fan_out_lag_seconds",
    "Age of the newest log entry whose webhook deliveries were just queued; 0 when all are.",
    registry=REGISTRY,
)
DELIVERIES_WAITING = Gauge(
    "event_manager_webhook_deliveries_waiting",
    "Webhook deliveries in the queue, those held included.",
    registry=REGISTRY,
)
DELIVERY_LAG = Gauge(
    "event_manager_webhook_delivery_lag_seconds",
    "Time from queue to answer of the slowest first try in the last batch recorded.",
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "event_manager_webhook_deliveries_total", "Webhook attempts recorded, by outcome.", ("outcome",), registry=REGISTRY
)
HANDLER_LAG = Gauge(
    "event_manager_handler_lag_seconds",
    "Age of the entry that a handler of the event log has come to; 0 when it waits for the next.",
    ("handler",),
    registry=REGISTRY,
)
HANDLED = Counter(
    "event_manager_handler_entries_total",
    "Entries that handlers dealt with: done, failed and to be tried again, or given up.",
    ("handler", "outcome"),
    registry=REGISTRY,
)
JOBS = Counter("event_manager_jobs_total", "Finished job runs.", ("task", "outcome"), registry=REGISTRY)

RELAYED = Counter(
    "event_manager_relayed_total", "Messages that a broker took from a relay, by kind.", ("kind",), registry=REGISTRY
)


def render() -> bytes:
    """The text exposition format."""
    return generate_latest(REGISTRY)
