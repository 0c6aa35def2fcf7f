"""What became of a test call, in a sentence for somebody who does not run servers."""

from collections.abc import Mapping

from event_manager.kit.egress import Failure, Response

FAILURES: Mapping[Failure, str] = {
    "blocked-address": "Not sent: the address is inside a private network, which webhooks may not reach.",
    "bad-url": "Not sent: the address cannot be used; check the URL.",
    "dns": "No server was found under this name: check the host in the URL for a typing error.",
    "connect": "Nothing answers at this address: the receiver is not running, or a firewall keeps us out.",
    "timeout": "The receiver did not answer within {seconds} s. It should answer first, and work afterwards.",
    "tls": "No secure connection could be made: the receiver's certificate is wrong, expired or for another name.",
    "connection-lost": "The receiver broke off before it had answered.",
    "bad-header": "Not sent: one of the webhook's own headers cannot be sent.",
    "protocol": "Something answered, but not in HTTP: is this the right port, and http or https as it should be?",
    "too-large": "The receiver's answer does not end; a short answer is enough.",
    "aborted": "The test was broken off because the server is stopping; try again.",
    "internal": "The test failed for a reason of our own; try again, and report it if that does not help.",
}
STATUSES: Mapping[int, str] = {
    400: "The receiver did not accept the message (400 Bad Request): look at its answer for what it expects.",
    401: "The receiver wants a sign-in (401): check this webhook's authentication, or how the receiver verifies.",
    403: "The receiver refuses us (403): check this webhook's authentication, or what the receiver lets in.",
    404: "There is no such page at the receiver (404): check the path of the URL.",
    405: "The receiver takes no POST at this address (405): check the path of the URL.",
    410: "The receiver says that it is gone for good (410). A delivery with this answer switches the webhook off.",
    413: "The message is too large for the receiver (413): choose the thin format, or send less by a transformation.",
    415: "The receiver does not take this kind of content (415): choose another format.",
    429: "The receiver says that it gets too much (429): set a rate for this webhook, or try again later.",
}


def verdict(response: Response, timeout: float) -> str:
    """The sentence; `timeout` in seconds is the webhook's."""
    if response.ok:
        return f"It works: the receiver took the message ({response.status}) in {response.timings.total:.0f} ms."
    if response.error is not None:
        sentence = FAILURES[response.error].format(seconds=f"{timeout:g}")
        return f"{sentence} ({response.detail[:200]})" if response.detail and response.error in _DETAILED else sentence
    return _of_status(response)


_DETAILED = frozenset({"blocked-address", "tls", "bad-header"})
"""Where what the network said helps whoever looks after the receiver."""


def _of_status(response: Response) -> str:
    status = response.status or 0
    if status in STATUSES:
        return STATUSES[status]
    if 300 <= status < 400:
        place = (response.header("location") or "")[:200]
        where = f" to {place}" if place else ""
        return f"The receiver sends us elsewhere{where} ({status}); redirects are not followed: give the final address."
    if status >= 500:
        return f"The receiver failed ({status}): the fault is on its side, and its own log will say more."
    return f"The receiver did not take the message ({status}): only answers from 200 to 299 count as taken."
