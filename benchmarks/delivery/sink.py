"""A fast receiver as a process of its own: answers by path and remembers who came.

`/ok/...` is answered by 200, `/flaky/...` and more seldom `/rare/...` now and then by 503, `/hang/...` never. `Sink`
starts one and asks it.
"""

import asyncio
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

import uvloop

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno"
FAILS = {b"/flaky": 1 / 30, b"/rare": 1 / 200}
"""Share of the calls of these paths that fails, by chance: seldom three in a row, which would open a breaker."""
MARK = re.compile(rb"mark-[0-9-]+")
LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
ID = re.compile(rb"webhook-id: *([^\r]+)", re.IGNORECASE)


class Arrival(NamedTuple):
    """A request as it came: ``mark`` is the first "mark-..." of its body, ``at`` in seconds of the wall clock."""

    path: str
    message_id: str
    mark: str
    at: float
    accepted: bool


class Sink:
    """A receiver's process, for whoever started it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.port: int = self._read()

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        return f"http://127.0.0.1:{self.port}"

    def count(self) -> int:
        """Requests answered so far, hanging ones not counted."""
        found: int = self._ask("count")
        return found

    def wait(self, count: int, seconds: float) -> None:
        """Until so many requests were answered; RuntimeError when that takes longer."""
        end = time.monotonic() + seconds
        while (now := self.count()) < count:
            if time.monotonic() > end:
                raise RuntimeError(f"{now} of {count} deliveries arrived within {seconds:g} s")
            time.sleep(0.02)

    def arrivals(self) -> list[Arrival]:
        """What came since the last call, in order; only a recording sink knows."""
        return [Arrival(*row) for row in self._ask("arrivals")]

    def _ask(self, question: str) -> Any:
        if self._process.stdin is None:
            raise RuntimeError("the sink has no input")
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"the sink ended (exit code {self._process.poll()})")
        return json.loads(line)


@contextmanager
def sink(*, record: bool = False) -> Iterator[Sink]:
    """A receiver that listens until the block is left; with ``record`` it remembers each arrival."""
    command = [sys.executable, "-m", __name__, *(["record"] if record else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Sink(process)
        finally:
            process.kill()


class _Receiver:
    """Everything the connections share."""

    def __init__(self, *, record: bool) -> None:
        self.record = record
        self.count = 0
        self.dice = random.Random(1)
        self.arrivals: list[tuple[str, str, str, float, bool]] = []

    def answer(self, head: bytes, body: bytes) -> bytes:
        """What to say to a request; nothing for a hanging path."""
        path = head[head.index(b" ") + 1 : head.index(b" HTTP/")]
        if path.startswith(b"/hang"):
            return b""
        self.count += 1
        accepted = self.dice.random() >= FAILS.get(path[: path.find(b"/", 1)], 0.0)
        if self.record:
            named, marked = ID.search(head), MARK.search(body)
            self.arrivals.append(
                (
                    path.decode(),
                    named[1].decode() if named else "",
                    marked[0].decode() if marked else "",
                    time.time(),
                    accepted,
                )
            )
        return OK if accepted else UNAVAILABLE


class _Connection(asyncio.Protocol):
    """One client, request after request."""

    def __init__(self, receiver: _Receiver) -> None:
        self._receiver = receiver
        self._left = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class only looks like it

    def data_received(self, data: bytes) -> None:
        data = self._left + data
        while (end := data.find(b"\r\n\r\n")) >= 0:
            head = data[:end]
            length = LENGTH.search(head)
            total = end + 4 + (int(length[1]) if length else 0)
            if len(data) < total:
                break
            if answer := self._receiver.answer(head, data[end + 4 : total]):
                self._transport.write(answer)
            data = data[total:]
        self._left = data


async def _serve(*, record: bool) -> None:
    loop, receiver = asyncio.get_running_loop(), _Receiver(record=record)
    server = await loop.create_server(lambda: _Connection(receiver), "127.0.0.1", 0, backlog=4096)
    _say(server.sockets[0].getsockname()[1])
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while question := (await reader.readline()).strip():
        if question == b"count":
            _say(receiver.count)
        else:
            told, receiver.arrivals = receiver.arrivals, []
            _say(told)


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    uvloop.run(_serve(record="record" in sys.argv[1:]))
