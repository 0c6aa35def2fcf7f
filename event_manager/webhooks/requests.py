"""The request that carries one message to one endpoint: body, signature, sign-in, and what of it may be stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from event_manager.kit.egress import Request, Response
from event_manager.webhooks.compiled import Compiled
from event_manager.webhooks.formats import JSON, Message, Rendered, render
from event_manager.webhooks.signing import sign
from event_manager.webhooks.transforms.errors import TransformFailed

MASK = "***"
CONNECT_TIMEOUT = 5.0
SHORTEST_HIDDEN = 4
"""Characters of a value that is masked in answers; shorter ones would be found in any text."""
Header = tuple[str, str]


@dataclass(slots=True)
class Prepared:
    """A request and its header lines as they may be shown: the owner's values and sign-ins are masked.

    ``hidden``: these values as bytes, longest first; see `hide`.
    """

    request: Request
    shown: str
    hidden: tuple[bytes, ...] = ()


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
    return Prepared(request, "\n".join(lines), _hidden(endpoint, theirs) if theirs else ())


def _hidden(endpoint: Compiled, theirs: Sequence[Header]) -> tuple[bytes, ...]:
    values = {value for _, value in theirs}
    values |= {value.partition(" ")[2] for value in values}  # without "Bearer" or "Basic"
    if endpoint.credentials.basic is not None:
        values.add(endpoint.credentials.basic.password)
    return tuple(sorted((v.encode() for v in values if len(v) >= SHORTEST_HIDDEN), key=len, reverse=True))


def hide(response: Response, hidden: Sequence[bytes]) -> None:
    """Mask in an answer what we signed in with: there are receivers that send back what came to them."""
    for value in hidden:
        if value in response.body:
            response.body = response.body.replace(value, MASK.encode())
        if any(value in line for line in response.head):
            response.head = tuple(line.replace(value, MASK.encode()) for line in response.head)
