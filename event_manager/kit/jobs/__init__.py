"""Jobs on PostgreSQL: deferred in the caller's transaction, run by workers, each lost by nobody.

Rooms use this surface; the modules below it are the machinery. See docs/decisions for why it is our own.
"""

from event_manager.kit.jobs.queue import JobNotFound, cancel, dead_jobs, defer, defer_many, discard, retry
from event_manager.kit.jobs.runner import JobWork
from event_manager.kit.jobs.schedules import BadSchedule, next_time, remove_schedule, set_schedule
from event_manager.kit.jobs.tasks import Backoff, Permanent, Temporary, task, tasks
from event_manager.kit.jobs.worker import Timing, Worker

__all__ = [
    "Backoff", "BadSchedule", "JobNotFound", "JobWork", "Permanent", "Temporary", "Timing", "Worker", "cancel",
    "dead_jobs", "defer", "defer_many", "discard", "next_time", "remove_schedule", "retry", "set_schedule", "task",
    "tasks",
]  # fmt: skip
