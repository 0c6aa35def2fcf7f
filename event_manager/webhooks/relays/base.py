"""What every kind of relay is: a connection to a broker that takes messages in order and says when it has them."""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from event_manager.kit.egress import Guard
from event_manager.webhooks.compiled import Compiled
from event_manager.webhooks.credentials import Broker

CONNECT_SECONDS = 5.0


class RelayFailed(Exception):
    """The broker did not take the messages, or cannot be reached; the text says why, for the webhook's owner."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. ``id`` is what is de-duplicated by, ``key`` what order is kept by."""

    id: str
    type: str
    key: str
    headers: Mapping[str, str]
    body: bytes


class Relay(Protocol):
    """An open connection to a broker. Messages that were published and not taken may be published again."""

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """Send messages in this order; returns when the broker has stored all of them. Raises RelayFailed."""
        ...

    async def close(self) -> None:
        """Let go of the connection; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: a broker and what it calls the place (subject, topic). ``secure``: TLS or nothing."""

    scheme: str
    host: str
    port: int
    name: str
    credentials: Broker
    tls: ssl.SSLContext
    secure: bool

    async def addresses(self, guard: Guard) -> list[str]:
        """The addresses of the host that may be connected to; who connects must use these. Raises RelayFailed."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                found = await asyncio.get_running_loop().getaddrinfo(self.host, self.port, proto=6)
        except (OSError, TimeoutError) as error:
            raise RelayFailed(f"The host {self.host} cannot be found.") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [address for address in addresses if guard.refusal(address) is None]
        if not allowed:
            raise RelayFailed(guard.refusal(addresses[0]) or "The host has no address that may be connected to.")
        return allowed


def cursor_of(endpoint: UUID) -> str:
    """Name of a relay's cursor in the log."""
    return f"relay.{endpoint}"


def target_of(endpoint: Compiled, usual_port: int) -> Target:
    """The target of an endpoint whose address was checked when it was saved. Raises RelayFailed."""
    parts = urlsplit(endpoint.url)
    context = ssl.create_default_context()
    given = endpoint.credentials
    try:
        if given.ca:
            context = ssl.create_default_context(cadata=given.ca)
    except (ssl.SSLError, ValueError) as error:
        raise RelayFailed(f"The certificates to believe cannot be read: {error}") from error
    return Target(
        parts.scheme, parts.hostname or "", parts.port or usual_port, parts.path.removeprefix("/"),
        given.broker or Broker(), context, secure=parts.scheme == "tls" or given.ca is not None,
    )  # fmt: skip
