"""What goes out and what comes back."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Literal, NamedTuple

KEEP_BYTES = 16 * 1024
KEEP_HEADER_BYTES = 16 * 1024

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
Failure = Literal[
    "blocked-address",  # the name or literal led to an address the guard refuses; nothing was connected
    "bad-url",  # not a URL this client sends to
    "dns",  # no such name, or no answer about it
    "connect",  # refused or unreachable
    "timeout",  # `connect_timeout` or `timeout` passed
    "tls",  # handshake, certificate, host name or client certificate
    "connection-lost",  # closed or reset before the whole answer
    "bad-header",  # a header that cannot be sent; `check_headers` tells when it is saved
    "protocol",  # what came is not HTTP
    "too-large",  # more than `abort_after` bytes, or headers without end
    "aborted",  # the sender was stopped
    "sign-in",  # what has to be sent first was refused; set by callers only, whose request then never began
    "internal",  # libcurl gave up for a reason of this machine
]

MAX_HEADER_LENGTH = 8192

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}")
_FRAMING = frozenset(
    ("connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade")
)


class BadHeader(ValueError):
    """A header that cannot be sent as it is: wrong characters, too long, or one that the client sets itself."""


class ClientCertificate(NamedTuple):
    """Certificate (with its chain) and private key, both PEM, shown to a server that asks for one."""

    certificate: bytes
    key: bytes

    def __repr__(self) -> str:
        return "ClientCertificate(...)"


@dataclass(slots=True, repr=False)
class Request:
    """One call. Its repr leaves out headers and body, since they hold secrets.

    `url` as `urls.parse_url` gives it; `headers` as (name, value) in printable ASCII (`check_headers` tells);
    times in seconds, `timeout` covering everything from the name's look-up to the last byte. `keep` bytes of the
    answer's body are kept; reading stops for good after `abort_after` bytes. `ca`: PEM certificates believed
    instead of the machine's. Without a Content-Type of its own a body is sent as a form.
    """

    method: Method
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    timeout: float = 15.0
    connect_timeout: float = 5.0
    keep: int = KEEP_BYTES
    abort_after: int = 1024 * 1024
    client_certificate: ClientCertificate | None = None
    ca: bytes | None = None

    def __repr__(self) -> str:
        return f"Request({self.method} {self.url})"


class Timings(NamedTuple):
    """Milliseconds from the start until each step was done; 0 where it did not happen (a kept connection)."""

    dns: float
    connect: float
    tls: float
    first_byte: float
    total: float


NO_TIMINGS = Timings(0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(slots=True)
class Response:
    """What became of a request. `status` is None where no answer began; both `status` and `error` are set where the
    answer began and broke off. `head`: status and header lines as they came, at most 16 KiB. `truncated`: `body` is
    only the beginning. `ip`: the address really used, "" if none.
    """

    status: int | None
    error: Failure | None = None
    detail: str = ""
    head: tuple[bytes, ...] = ()
    body: bytes = b""
    truncated: bool = False
    ip: str = ""
    reused: bool = False
    timings: Timings = NO_TIMINGS

    @property
    def ok(self) -> bool:
        """Whether a whole 2xx answer came."""
        return self.error is None and self.status is not None and 200 <= self.status < 300

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """(name in small letters, value) of the final answer, as far as `head` goes."""
        start = max((n for n, line in enumerate(self.head) if line.startswith(b"HTTP/")), default=0)
        pairs = (line.decode("latin-1").partition(":") for line in self.head[start + 1 :])
        return tuple((name.strip().lower(), value.strip()) for name, colon, value in pairs if colon)

    def header(self, name: str) -> str | None:
        """The first value of the header (name in small letters)."""
        return next((value for key, value in self.headers if key == name), None)

    def retry_after(self, now: datetime) -> float | None:
        """Seconds to wait as asked by Retry-After (a number or an HTTP date), never negative; None where not asked."""
        text = self.header("retry-after")
        if text is None:
            return None
        if text.isascii() and text.isdigit():
            return float(text[:10])
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (aware - now).total_seconds())


def header_lines(headers: tuple[tuple[str, str], ...]) -> list[str]:
    """The lines to send. BadHeader for a value that would break the message or a name that the client sets itself."""
    lines = []
    for name, value in headers:
        if not (value.isascii() and value.isprintable() and len(value) <= MAX_HEADER_LENGTH and _may_be_sent(name)):
            raise BadHeader(
                f"The header '{name[:60]}' cannot be sent: printable ASCII only, at most {MAX_HEADER_LENGTH} "
                "characters, and not one that describes the connection or the length."
            )
        # To libcurl an empty value means "leave this header out", unless a semicolon says otherwise.
        lines.append(f"{name}: {value}" if value.strip() else f"{name};")
    return lines


@lru_cache(1024)  # the same few names go out with each request
def _may_be_sent(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name.lower() not in _FRAMING


def check_headers(headers: tuple[tuple[str, str], ...]) -> None:
    """Raise BadHeader for the first header that cannot be sent; for use where a tenant saves headers."""
    header_lines(headers)
