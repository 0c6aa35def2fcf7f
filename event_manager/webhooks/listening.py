"""A small receiver for trying webhooks out: tells of each message on the terminal, and whether it is genuine."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from event_manager.webhooks.verifying import NotGenuine, Verifier

LONGEST_BODY = 1024 * 1024
NO_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT, HTTPStatus.NOT_MODIFIED})


class Listener(ThreadingHTTPServer):
    """Answers every POST with ``status``; ``tell`` gets what a person should read. Port 0 takes any free one.

    Raises OSError where the port cannot be had.
    """

    daemon_threads = True

    def __init__(self, port: int, verifier: Verifier | None, status: int, tell: Callable[[str], None]) -> None:
        self.verifier = verifier
        self.status = status
        self._tell = tell
        self._one_at_a_time = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def tell(self, text: str) -> None:
        """Write a whole message, though several may come at once."""
        with self._one_at_a_time:
            self._tell(text)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listener
    timeout = 30

    def do_POST(self) -> None:
        """Take a message."""
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            self.close_connection = True
            self._answer(HTTPStatus.LENGTH_REQUIRED if not length.isdigit() else HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._answer(self.server.status)
        self.server.tell(report(headers, body, self.server.verifier, time.time(), self.server.status))

    def do_GET(self) -> None:
        """For whoever opens the address in a browser."""
        self._answer(HTTPStatus.OK, b"Webhooks sent here by POST are shown on the terminal.\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: `report` tells all there is."""

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "text/plain; charset=utf-8")
        if status not in NO_BODY:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def report(headers: Mapping[str, str], body: bytes, verifier: Verifier | None, now: float, status: int) -> str:
    """What is told of a message: when, what, whether genuine, what was answered, and the payload."""
    content = _parsed(body)
    kind = content.get("type") if isinstance(content, dict) else None
    marks = [text for name, text in _MARKS.items() if name in headers]
    clock = time.strftime("%H:%M:%S", time.localtime(now))
    marked = f" ({', '.join(marks)})" if marks else ""
    lines = [
        f"{clock}  {kind or headers.get('ce-type') or 'message'}{marked}  answered {status}",
        f"  id         {headers.get('webhook-id', 'none')}",
        f"  signature  {_genuine(headers, body, verifier, now)}",
    ]
    if "webhook-attempt" in headers:
        lines.append(f"  attempt    {headers['webhook-attempt']}")
    shown = body.decode("utf-8", "replace") if content is None else json.dumps(content, indent=2, ensure_ascii=False)
    lines += [f"  {line}" for line in shown.splitlines()]
    return "\n".join(map(_harmless, lines)) + "\n"


_MARKS = {"webhook-test": "test", "webhook-replay-id": "replay", "webhook-payload-omitted": "payload left out"}


def _genuine(headers: Mapping[str, str], body: bytes, verifier: Verifier | None, now: float) -> str:
    if verifier is None:
        return "not checked: give --secret"
    try:
        verifier.check(headers, body, now)
    except NotGenuine as why:
        return f"NOT VALID: {why}"
    return "valid"


def _parsed(body: bytes) -> object:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed


def _harmless(line: str) -> str:
    """Without what a terminal would take as a command."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line)
