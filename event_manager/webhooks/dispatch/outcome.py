"""What follows from an answer: which record is written, and how the channel goes on."""

from dataclasses import dataclass
from datetime import datetime

from event_manager.kit.egress import Response
from event_manager.webhooks import schedule
from event_manager.webhooks.dispatch.recording import Again, Ended
from event_manager.webhooks.dispatch.waiting import Waiting
from event_manager.webhooks.models import PARKED
from event_manager.webhooks.schedule import Answer, Dead, Disable, Retry, Succeeded

LONGEST_REST = 600.0
"""An endpoint that answers "later" gets nothing at all until then, but never for longer than this many seconds."""


@dataclass(slots=True)
class Outcome:
    """``disable``: why the endpoint is to be switched off; ``rest``: seconds in which nothing more goes to it."""

    record: Ended | Again
    ok: bool
    slow_down: bool = False
    disable: str = ""
    rest: float = 0.0
    died: bool = False


def judge(row: Waiting, response: Response, now: datetime, draw: float) -> Outcome:
    """What follows from the answer to a delivery's try."""
    tries = row.attempts + 1
    if response.ok:
        return Outcome(Ended(row, "succeeded", tries, now, "", response), ok=True)
    endpoint = row.channel.endpoint
    answer = Answer(_status(response), response.header("retry-after"), response.error or "")
    verdict = schedule.verdict(tries, answer, now, draw=draw, schedule=endpoint.schedule)
    match verdict:
        case Succeeded():
            return Outcome(Ended(row, "succeeded", tries, now, "", response), ok=True)
        case Retry(after, reason, throttled):
            again = Again(row, after, now, _explained(reason, response), response)
            return Outcome(again, ok=False, slow_down=throttled, rest=_rest(answer, now))
        case Disable(reason):
            held = Again(row, 0.0, now, _explained(reason, response), response)
            return Outcome(held, ok=False, disable=reason)
        case Dead(reason):
            error = _explained(reason, response)
            slow = answer.error == "timeout" or answer.status in schedule.THROTTLING
            if endpoint.ordering != "none" and endpoint.blocks_on_dead:
                parked = Again(row, 0.0, now, error, response, until=PARKED)
                return Outcome(parked, ok=False, slow_down=slow, rest=_rest(answer, now), died=True)
            ended = Ended(row, "dead", tries, now, error, response)
            return Outcome(ended, ok=False, slow_down=slow, rest=_rest(answer, now), died=True)


def _status(response: Response) -> int | None:
    """The status that counts: a 2xx whose body broke off did not arrive whole, one that never ends was taken."""
    if response.error is None or response.error == "too-large":
        return response.status
    return None if response.status is None or 200 <= response.status < 300 else response.status


def _rest(answer: Answer, now: datetime) -> float:
    if answer.status not in schedule.THROTTLING or answer.retry_after is None:
        return 0.0
    return min(schedule.retry_after_seconds(answer.retry_after, now), LONGEST_REST)


def _explained(reason: str, response: Response) -> str:
    return f"{reason}: {response.detail[:300]}" if response.detail else reason
