"""The product's one way out over HTTP: many requests at a time, carried by libcurl in the event loop.

libcurl does the protocol, a guard judges every address at the moment of connecting, connections are kept per host and
used again. A thread of its own was measured: handing each request over, and the two threads waiting for each other's
turn, cost several times what libcurl itself does. What can block (TLS handshakes) is bounded by time at each turn.

Names are looked up by libcurl's own threads, twenty at most: names that nobody answers for hold one each until the
system's resolver gives up (10 s by default), so callers should rest a host that fails.
"""

import asyncio
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

LONGEST_TURN = 0.005
"""Seconds after which a turn leaves the rest to the next, so that others in the loop are not held up."""
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
        self._multi = new_multi()
        self._multi.setopt(pycurl.M_MAXCONNECTS, connections)
        self._watch = Watch(self._multi)
        self._idle: list[Transfer] = []
        self._active: dict[Easy, tuple[Transfer, Token | _Call]] = {}
        self._ended: list[tuple[Token | _Call, Response]] = []
        self._stopping = False
        self._stopped = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._soon = False
        self._timer: asyncio.TimerHandle | None = None

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
        self._loop.add_reader(self._watch.fileno(), self._turn)
        self._turn()

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
        if not self._stopping:
            self._stopping = True
            if self._active and grace > 0:
                self._loop.call_later(grace, self._finish)
            else:
                self._finish()
        await self._stopped.wait()

    def _submit(self, request: Request, token: Token | _Call) -> None:
        if self._stopping:
            raise RuntimeError("the sender was stopped and takes no more requests")
        self._pending += 1
        self._waiting.append((request, token))
        self._turn_soon()

    def _turn_soon(self) -> None:
        if not self._soon:
            self._soon = True
            self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        """Begin what waits, let libcurl do what can be done, deliver what ended."""
        self._soon = False
        if self._stopped.is_set():
            return
        self._begin_waiting()
        self._watch.run_due()
        self._watch.drive(LONGEST_TURN)
        try:
            self._collect()
        finally:
            if self._stopping and not self._active:
                self._finish()
            elif self._waiting and len(self._active) < self._slots and not self._stopping:
                self._turn_soon()
            self._set_timer()

    def _set_timer(self) -> None:
        """Have a turn when libcurl asks for one; a timer that is early only makes one turn more."""
        due = self._watch.due
        if due is None or self._stopped.is_set() or (self._timer is not None and self._timer.when() <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(due, self._timed)

    def _timed(self) -> None:
        self._timer = None
        self._turn()

    def _finish(self) -> None:
        """End for good: nobody may wait for an answer that cannot come."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._loop.remove_reader(self._watch.fileno())
        if self._timer is not None:
            self._timer.cancel()
        try:
            self._abort_all()
        finally:
            # libcurl waits here for look-ups of names that nobody answers; no one else need wait.
            Thread(target=self._close, name="egress-close", daemon=True).start()

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

    def _begin_waiting(self) -> None:
        while not self._stopping and self._waiting and len(self._active) < self._slots:
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
        """Read out what ended and deliver it as one batch."""
        if self._active:
            _queued, fine, broken = self._multi.info_read()
            for easy in fine:
                self._end(easy, 0, "")
            for easy, code, message in broken:
                self._end(easy, code, message)
        if self._ended:
            batch, self._ended = self._ended, []
            self._hand_over(batch)

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
