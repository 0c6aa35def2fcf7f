"""Connections that end when their client does not get on: uvicorn itself waits for a request's head and body for ever.

A reverse proxy that takes in whole requests does the same (docs/deployment.md); this holds where there is none.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 64 * 1024


class ImpatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 with a time for each request's head (from the connection or its first byte on) and for its body."""

    head_seconds = 15.0
    body_seconds = 120.0
    _deadline: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come: it has the time of a head."""
        super().connection_made(transport)
        self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes came. Those that complete no head neither start the time anew nor grow without end."""
        super().data_received(data)
        if self.transport.is_closing() or not self._between_requests():
            return
        self._head_bytes += len(data)
        if self._head_bytes > MOST_HEAD_BYTES:
            self.send_400_response("The head of this request is too long.")
        elif self._deadline is None:
            self._wait(self.head_seconds)

    def on_headers_complete(self) -> None:
        """The head is there: the body has its own time."""
        self._head_bytes = 0
        self._wait(self.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there: the answer may take as long as it likes, as a live stream does."""
        self._stop_waiting()
        super().on_message_complete()

    def _between_requests(self) -> bool:
        # uvicorn says that there is always a cycle; before the first request there is none.
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
