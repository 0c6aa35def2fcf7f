"""One request to an endpoint, at once and outside of its queue: test calls."""

from dataclasses import dataclass, replace

from event_manager.kit.clock import Clock, SystemClock
from event_manager.kit.egress import Guard, Response, Sender
from event_manager.webhooks.authorising import Authoriser
from event_manager.webhooks.compiled import Compiled
from event_manager.webhooks.formats import Message
from event_manager.webhooks.requests import hide, prepare, shape

TEST = {"webhook-test": "true"}
"""Tells receivers that nothing happened."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out and what came back. ``headers``: lines, secrets masked."""

    url: str
    headers: str
    body: bytes
    response: Response


async def send_once(endpoint: Compiled, message: Message, *, guard: Guard, clock: Clock | None = None) -> Sent:
    """Send a message as a delivery would be, signed, and wait for the answer; failures are in the response.

    Nothing is recorded, and the endpoint's health does not change. Raises TransformFailed, NotAuthorised.
    """
    rendered = shape(endpoint, message)
    rendered = replace(rendered, headers={**rendered.headers, **TEST})
    now = (clock or SystemClock()).now()
    async with Sender[None](lambda _batch: None, guard=guard, slots=1) as sender:
        signed_in = await Authoriser(sender).headers(endpoint.id, endpoint.version, endpoint.credentials)
        prepared = prepare(endpoint, message.id, rendered, now, signed_in=signed_in)
        response = await sender.fetch(prepared.request)
        hide(response, prepared.hidden)
    return Sent(endpoint.url, prepared.shown, rendered.body, response)
