"""The product's one way out over HTTP: a thread that carries many requests at a time.

libcurl does the protocol, a guard judges every address at the moment of connecting, connections are kept per host and
used again. asyncio hands requests in and gets answers back in batches, so that neither side is woken per request.

Names are looked up by libcurl's own threads, twenty at most: names that nobody answers for hold one each until the
system's resolver gives up (10 s by default), so callers should rest a host that fails.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

import pycurl

from event_manager.kit.egress.addresses import Guard
from event_manager.kit.egress.curl import Easy, new_multi
from event_manager.kit.egress.messages import Request, Response
from event_manager.kit.egress.transfer import Transfer, plain
from event_manager.kit.egress.watch import Watch

Token = TypeVar("Token")


class _Call:
    """The token of a request that someone awaits."""

    __slots__ = ("future",)

    def __init__(self, future: asyncio.Future[Response]) -> None:
        self.future = future


class Sender(Generic[Token]):
    """Sends requests and delivers (token, response) pairs, in the order in which they end.

    Made inside a running event loop; `deliver` is called in that loop with each batch. Use as ``async with`` or call
    `start` and `stop`. At most `slots` requests are under way, the others wait here unlimited and untimed: who submits
    keeps count (`pending`). At most `connections` idle connections are kept. `ca_file`: certificates believed instead
    of the machine's.
    """

    def __init__(
        self,
        deliver: Callable[[list[tuple[Token, Response]]], None],
        *,
        guard: Guard,
        slots: int = 200,
        connections: int = 400,
        ca_file: Path | None = None,
    ) -> None:
        self.guard = guard
        self._deliver = deliver
        self._slots = slots
        self._connections = connections
        self._ca_file = str(ca_file) if ca_file else None
        self._waiting: deque[tuple[Request, Token | _Call]] = deque()
        self._pending = 0
        self._asleep = False
        self._deadline: float | None = None
        self._multi = new_multi()
        self._multi.setopt(pycurl.M_MAXCONNECTS, connections)
        self._watch = Watch(self._multi)
        self._idle: list[Transfer] = []
        self._active: dict[Easy, tuple[Transfer, Token | _Call]] = {}
        self._ended: list[tuple[Token | _Call, Response]] = []
        self._stopped = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._thread = Thread(target=self._run, name="egress", daemon=True)

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def pending(self) -> int:
        """Requests submitted whose response was not delivered yet. Read and changed in the loop only."""
        return self._pending

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def submit(self, request: Request, token: Token) -> None:
        """Send the request; `deliver` gets the token with its response. RuntimeError after `stop`."""
        self._submit(request, token)

    async def fetch(self, request: Request) -> Response:
        """Send the request and wait for its response; failures are in the response, none is raised."""
        call = _Call(self._loop.create_future())
        self._submit(request, call)
        return await call.future

    async def stop(self, grace: float = 0.0) -> None:
        """Stop. What waits and what does not end within `grace` seconds is delivered as "aborted"; then return."""
        if self._deadline is None:
            self._deadline = time.monotonic() + grace
            self._watch.ring()
        await self._stopped.wait()

    def _submit(self, request: Request, token: Token | _Call) -> None:
        if self._deadline is not None:
            raise RuntimeError("the sender was stopped and takes no more requests")
        self._pending += 1
        self._waiting.append((request, token))
        if self._asleep:
            self._asleep = False
            self._watch.ring()

    def _hand_over(self, batch: list[tuple[Token | _Call, Response]]) -> None:
        self._pending -= len(batch)
        tokens: list[tuple[Token, Response]] = []
        for token, response in batch:
            if not isinstance(token, _Call):
                tokens.append((token, response))
            elif not token.future.done():
                token.future.set_result(response)
        if tokens:
            self._deliver(tokens)

    # From here on: the thread.

    def _run(self) -> None:
        try:
            while self._deadline is None or (self._active and time.monotonic() < self._deadline):
                self._begin_waiting()
                self._watch.run_due()
                self._collect()
                self._watch.wait(self._pause())
                self._asleep = False
                self._collect()
        finally:  # whatever happened: nobody may wait for an answer that cannot come
            self._deadline = self._deadline or 0.0
            self._abort_all()
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._close()  # libcurl waits here for look-ups of names that nobody answers; no one else need wait

    def _pause(self) -> float | None:
        """How long the thread may sleep, None without end. From here on a submission rings."""
        if self._deadline is not None:
            return max(0.0, self._deadline - time.monotonic())
        self._asleep = True
        free = len(self._active) < self._slots
        return 0.0 if self._waiting and free else None

    def _begin_waiting(self) -> None:
        while self._deadline is None and self._waiting and len(self._active) < self._slots:
            request, token = self._waiting.popleft()
            reusable = plain(request) and self._idle
            transfer = self._idle.pop() if reusable else Transfer(self.guard, self._ca_file)
            refused = transfer.begin(request)
            if refused is None:
                self._active[transfer.easy] = (transfer, token)
                self._multi.add_handle(transfer.easy)
            else:
                self._ended.append((token, refused))
                transfer.close()

    def _collect(self) -> None:
        """Read out what ended and send one batch to the loop."""
        if self._active:
            _queued, fine, broken = self._multi.info_read()
            for easy in fine:
                self._end(easy, 0, "")
            for easy, code, message in broken:
                self._end(easy, code, message)
        if self._ended:
            batch, self._ended = self._ended, []
            self._loop.call_soon_threadsafe(self._hand_over, batch)

    def _end(self, easy: Easy, code: int, message: str) -> None:
        transfer, token = self._active.pop(easy)
        self._multi.remove_handle(easy)
        self._ended.append((token, transfer.result(code, message)))
        if plain(transfer.request):
            self._idle.append(transfer)
        else:
            transfer.close()

    def _abort_all(self) -> None:
        for _request, token in self._waiting:
            self._ended.append((token, Response(None, "aborted", "The sender was stopped before this was sent.")))
        self._waiting.clear()
        for easy in list(self._active):
            self._end(easy, pycurl.E_ABORTED_BY_CALLBACK, "The sender was stopped before the answer was complete.")
        self._collect()

    def _close(self) -> None:
        for transfer in self._idle:
            transfer.close()
        self._multi.close()
        self._watch.close()
