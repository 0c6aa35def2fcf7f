"""Relay to NATS JetStream: a stream takes each message once, however often it is sent.

The subject is the one of the webhook's address, then the event's type (`events.contestant.registered`). `Nats-Msg-Id`
is the message's id, by which a stream drops repeats inside its window for duplicates.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js import JetStreamContext

from event_manager.kit.egress import Guard
from event_manager.webhooks.compiled import Compiled
from event_manager.webhooks.relays.base import CONNECT_SECONDS, Outgoing, RelayFailed, Target, target_of

PORT = 4222
ACK_SECONDS = 10.0
SILENT = f"The server did not say in {ACK_SECONDS:.0f} s that it has the messages."
CUT_OFF = "The connection to the server was lost."
FAULTS = (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError, EOFError)


class _Secure(Client):
    """A client that does not go on in the clear where TLS was asked for: what a server says of itself can be forged."""

    async def _process_info(self, info: dict[str, Any], initial_connection: bool = False) -> None:
        if initial_connection and not info.get("tls_required"):
            raise nats.errors.Error("the server does not speak TLS")
        await super()._process_info(info, initial_connection)


class NatsRelay:
    """A connection to one server of NATS; it neither reconnects nor follows to other servers by itself."""

    def __init__(self, client: Client, subject: str, lost: asyncio.Event) -> None:
        self._client = client
        self._stream: JetStreamContext = client.jetstream(timeout=ACK_SECONDS)
        self._subject = subject
        self._lost = lost

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """See `Relay`."""
        sending, lost = asyncio.ensure_future(self._send_all(messages)), asyncio.ensure_future(self._lost.wait())
        try:
            await asyncio.wait({sending, lost}, timeout=ACK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                raise RelayFailed(CUT_OFF if self._lost.is_set() else SILENT)
            sending.result()
        except FAULTS as error:
            raise RelayFailed(_said(error)) from error
        finally:
            lost.cancel()
            sending.cancel()
            await asyncio.gather(sending, lost, return_exceptions=True)

    async def close(self) -> None:
        """See `Relay`."""
        await _closed(self._client)

    async def _send_all(self, messages: Sequence[Outgoing]) -> None:
        waiting = [await self._send(message) for message in messages]
        for answer in await asyncio.gather(*waiting, return_exceptions=True):
            if isinstance(answer, BaseException):
                raise answer

    async def _send(self, message: Outgoing) -> "asyncio.Future[Any]":
        headers = {**message.headers, "Nats-Msg-Id": message.id}
        return await self._stream.publish_async(f"{self._subject}.{message.type}", message.body, headers=headers)


async def connect(endpoint: Compiled, guard: Guard) -> NatsRelay:
    """Connect and sign in. Raises RelayFailed."""
    target = target_of(endpoint, PORT)
    last: BaseException | None = None
    for address in await target.addresses(guard):
        client, lost = _Secure() if target.secure else Client(), asyncio.Event()
        try:
            async with asyncio.timeout(2 * CONNECT_SECONDS):
                await client.connect(**_options(target, address, lost))
        except FAULTS as error:
            last = error
            await _closed(client)
            continue
        return NatsRelay(client, target.name, lost)
    raise RelayFailed(_said(last)) from last


async def _closed(client: Client) -> None:
    with suppress(*FAULTS):
        await client.close()


def _options(target: Target, address: str, lost: asyncio.Event) -> dict[str, Any]:
    async def quiet(_error: Exception) -> None:
        """What goes wrong is seen by who publishes."""

    async def gone() -> None:
        lost.set()

    given, host = target.credentials, f"[{address}]" if ":" in address else address
    options: dict[str, Any] = {
        "servers": f"nats://{host}:{target.port}", "allow_reconnect": False, "connect_timeout": int(CONNECT_SECONDS),
        "max_reconnect_attempts": 1, "tls": target.tls, "tls_hostname": target.host, "error_cb": quiet,
        "disconnected_cb": gone, "closed_cb": gone, "reconnect_time_wait": 0, "name": "event-manager",
    }  # fmt: skip
    if given.token:
        options["token"] = given.token
    elif given.username:
        options |= {"user": given.username, "password": given.password}
    return options


def _said(error: BaseException | None) -> str:
    if isinstance(error, nats.js.errors.NoStreamResponseError):
        return "No stream of JetStream takes this subject: make one for it, with '.>' after the subject."
    if isinstance(error, TimeoutError):
        return SILENT
    return f"NATS: {str(error)[:300] or type(error).__name__}"
