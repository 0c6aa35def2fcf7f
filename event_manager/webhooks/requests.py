"""The request that carries one message to one endpoint: body, signature, sign-in, and what of it may be stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from event_manager.kit.egress import Request
from event_manager.webhooks.compiled import Compiled
from event_manager.webhooks.formats import JSON, Message, Rendered, render
from event_manager.webhooks.signing import sign
from event_manager.webhooks.transforms.errors import TransformFailed

MASK = "***"
CONNECT_TIMEOUT = 5.0
Header = tuple[str, str]


@dataclass(slots=True)
class Prepared:
    """A request and its header lines as they may be shown: the owner's values and sign-ins are masked."""

    request: Request
    shown: str


def shape(endpoint: Compiled, message: Message) -> Rendered:
    """Content headers and body for this endpoint. Raises TransformFailed."""
    if endpoint.shape is None:
        return render(message, endpoint.format)
    headers = {"content-type": JSON}
    if message.omitted:
        headers["webhook-payload-omitted"] = message.omitted
    return Rendered(headers, endpoint.shape(message), message.omitted)


def shape_or_thin(endpoint: Compiled, message: Message) -> Rendered:
    """As `shape`, and in thin form what the endpoint's own transformation fails on: order must not stop at it."""
    try:
        return shape(endpoint, message)
    except TransformFailed:
        return render(message, "thin")


def prepare(
    endpoint: Compiled,
    message_id: str,
    rendered: Rendered,
    now: datetime,
    *,
    attempt: int = 1,
    replay: str = "",
    signed_in: Sequence[Header] = (),
) -> Prepared:
    """The request for a message that was shaped for the endpoint. ``attempt`` counts from 1.

    ``signed_in``: headers that `authorising` gives.
    """
    stamp = int(now.timestamp())
    ours = [*rendered.headers.items(), ("webhook-id", message_id), ("webhook-timestamp", str(stamp))]
    keys = endpoint.live_keys(now)
    if keys:
        ours.append(("webhook-signature", sign(keys, message_id, stamp, rendered.body)))
    if attempt > 1:
        ours.append(("webhook-attempt", str(attempt)))
    if replay:
        ours.append(("webhook-replay-id", replay))
    theirs = (*endpoint.credentials.headers, *signed_in)
    request = Request(
        "POST", endpoint.url, (*ours, *theirs), rendered.body, endpoint.timeout,
        min(CONNECT_TIMEOUT, endpoint.timeout), client_certificate=endpoint.certificate, ca=endpoint.ca,
    )  # fmt: skip
    lines = [f"{name}: {value}" for name, value in ours]
    lines += [f"{name}: {MASK}" for name, _ in theirs]
    return Prepared(request, "\n".join(lines))
