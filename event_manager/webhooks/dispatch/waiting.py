"""A delivery of the queue, and the entry of the log that it carries, while a dispatcher has them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from event_manager.webhooks.compiled import Compiled
from event_manager.webhooks.formats import Message, Rendered
from event_manager.webhooks.messages import Addresses, message_of
from event_manager.webhooks.requests import shape

if TYPE_CHECKING:
    from event_manager.webhooks.dispatch.channel import Channel


class Entry:
    """An entry of the log and what was made of it: several endpoints may want the same."""

    __slots__ = ("_message", "_rendered", "row")

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row
        self._message: Message | None = None
        self._rendered: dict[str, Rendered] = {}

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return 2000 + 2 * len(self.row["body"])

    def rendered(self, endpoint: Compiled, slug: str, addresses: Addresses, suffix: str) -> Rendered:
        """What goes to the endpoint. Raises TransformFailed."""
        message = self._message
        if message is None:
            message = self._message = message_of(self.row, slug, addresses)
        if suffix or endpoint.shape is not None:
            return shape(endpoint, replace(message, id=message.id + suffix))
        made = self._rendered.get(endpoint.format)
        if made is None:
            made = self._rendered[endpoint.format] = shape(endpoint, message)
        return made


class Waiting:
    """A row of the queue; ids are bytes, as the database sends them. ``attempts``: tries before this one.
    ``entry``: None where the log's entry is gone.

    ``began`` (seconds of the clock; 0 before), ``shown``, ``hidden`` and ``signed_in`` are set when it is sent.
    ``probe``: it is sent to see whether a degraded endpoint answers again. ``again``: it failed, and that is not
    recorded yet.
    """

    __slots__ = (
        "again", "attempts", "began", "channel", "entry", "event_id", "hidden", "id", "lane", "ord_key", "probe",
        "replay_id", "shown", "signed_in", "suffix", "tenant_id",
    )  # fmt: skip

    def __init__(
        self,
        channel: "Channel",
        lane: int,
        tenant_id: bytes,
        delivery_id: bytes,
        event_id: bytes,
        ord_key: bytes,
        attempts: int,
        replay_id: bytes | None,
        suffix: str,
    ) -> None:
        self.channel = channel
        self.lane = lane
        self.tenant_id = tenant_id
        self.id = delivery_id
        self.event_id = event_id
        self.ord_key = ord_key
        self.attempts = attempts
        self.replay_id = replay_id
        self.suffix = suffix
        self.entry: Entry | None = None
        self.probe = False
        self.again = False
        self.began = 0.0
        self.shown = ""
        self.hidden: tuple[bytes, ...] = ()
        self.signed_in: tuple[tuple[str, str], ...] = ()
