"""One libcurl handle: set up once, given request after request, read out after each."""

import socket
from itertools import accumulate
from ssl import get_default_verify_paths

import pycurl

from event_manager import __version__
from event_manager.kit.egress.addresses import Guard
from event_manager.kit.egress.curl import CurlError, Easy, new_easy
from event_manager.kit.egress.failures import failure
from event_manager.kit.egress.messages import (
    KEEP_HEADER_BYTES,
    BadHeader,
    Failure,
    Request,
    Response,
    Timings,
    header_lines,
)

USER_AGENT = f"Event-Manager/{__version__}"
IDLE_SECONDS = 60
"""A kept connection idle for longer is not used again: receivers close theirs after about that time."""
LIFETIME_SECONDS = 600
"""No connection is kept for longer, so that a name's new address is noticed."""
# libcurl gives up at 300 KiB of headers, by the same number as for a lost connection.
_ENDLESS_HEAD = 256 * 1024
# Without "Expect:" libcurl would hold back a large body for a second, waiting for "100 Continue".
_ALWAYS = ["Expect:"]


def plain(request: Request) -> bool:
    """Whether a used handle can take the request: one that showed a certificate must never serve someone else."""
    return request.method == "POST" and request.client_certificate is None and request.ca is None


class Transfer:
    """A handle and the request it carries. Every socket it opens is judged by the guard, whatever led to it."""

    __slots__ = (
        "_chunks", "_connect_timeout", "_guard", "_head", "_opened", "_read", "_refusal", "_timeout", "_too_large",
        "easy", "request",
    )  # fmt: skip

    def __init__(self, guard: Guard, ca_file: str | None = None) -> None:
        self._guard = guard
        self._head: list[bytes] = []
        self._chunks: list[bytes] = []
        self._read = 0
        self._too_large = False
        self._refusal: str | None = None
        self._opened: socket.socket | None = None
        self._timeout = self._connect_timeout = 0.0
        self.request: Request
        self.easy: Easy = new_easy()
        for option, value in _settings(ca_file):
            self.easy.setopt(option, value)
        self.easy.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        self.easy.setopt(pycurl.HEADERFUNCTION, self._head.append)
        self.easy.setopt(pycurl.WRITEFUNCTION, self._take)

    def begin(self, request: Request) -> Response | None:
        """Make the handle ready for the request; a Response at once where it cannot be sent at all."""
        self.request = request
        self._head.clear()
        self._chunks.clear()
        self._read = 0
        self._too_large = False
        self._refusal = None
        try:
            self._set(request)
        except BadHeader as refusal:
            return Response(None, "bad-header", str(refusal))
        except (CurlError, UnicodeEncodeError):
            return Response(None, "bad-url", "The URL, method or certificate cannot be used.")
        return None

    def result(self, code: int = 0, message: str = "") -> Response:
        """What became of the request; `code` and `message` as libcurl gave them, 0 where all went well."""
        get = self.easy.getinfo
        status = int(get(pycurl.RESPONSE_CODE))
        error, detail = self._explain(code, message)
        body = b"".join(self._chunks)
        self._close_opened()
        return Response(
            status if status >= 200 else None,
            error,
            detail,
            self._kept_head(),
            body,
            self._read > len(body),
            str(get(pycurl.PRIMARY_IP)),
            get(pycurl.NUM_CONNECTS) == 0 and status > 0,
            Timings(
                float(get(pycurl.NAMELOOKUP_TIME)) * 1000,
                float(get(pycurl.CONNECT_TIME)) * 1000,
                float(get(pycurl.APPCONNECT_TIME)) * 1000,
                float(get(pycurl.STARTTRANSFER_TIME)) * 1000,
                float(get(pycurl.TOTAL_TIME)) * 1000,
            ),
        )

    def close(self) -> None:
        """Give the handle back to libcurl."""
        self._close_opened()
        self.easy.close()

    def _set(self, request: Request) -> None:
        setopt = self.easy.setopt
        setopt(pycurl.URL, request.url)
        setopt(pycurl.HTTPHEADER, _ALWAYS + header_lines(request.headers))
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            setopt(pycurl.POSTFIELDS, request.body)
        else:
            setopt(pycurl.HTTPGET, 1)
        if not plain(request):
            self._set_special(request)
        if request.timeout != self._timeout:
            self._timeout = request.timeout
            setopt(pycurl.TIMEOUT_MS, max(1, int(request.timeout * 1000)))
        if request.connect_timeout != self._connect_timeout:
            self._connect_timeout = request.connect_timeout
            setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(request.connect_timeout * 1000)))

    def _set_special(self, request: Request) -> None:
        setopt = self.easy.setopt
        if request.method == "HEAD":
            setopt(pycurl.NOBODY, 1)
        setopt(pycurl.CUSTOMREQUEST, request.method)
        if request.client_certificate is not None:
            setopt(pycurl.SSLCERTTYPE, "PEM")
            setopt(pycurl.SSLKEYTYPE, "PEM")
            setopt(pycurl.SSLCERT_BLOB, request.client_certificate.certificate)
            setopt(pycurl.SSLKEY_BLOB, request.client_certificate.key)
        if request.ca is not None:
            setopt(pycurl.CAINFO_BLOB, request.ca)

    def _open(self, _purpose: int, target: tuple[int, int, int, tuple[str | int, ...]]) -> object:
        family, kind, protocol, address = target
        self._refusal = self._guard.refusal(_text(address[0]))
        self._close_opened()
        if self._refusal:
            return pycurl.SOCKET_BAD
        self._opened = socket.socket(family, kind, protocol)
        return self._opened

    def _close_opened(self) -> None:
        """libcurl works on a duplicate that pycurl makes when `_open` returns; ours is of no more use after that."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _take(self, chunk: bytes) -> int:
        """Keep the beginning of the body, drop the rest, and stop reading (-1) what does not end."""
        kept = self.request.keep - self._read
        self._read += len(chunk)
        if kept > 0:
            self._chunks.append(chunk[:kept])
        if self._read > self.request.abort_after:
            self._too_large = True
            return -1
        return len(chunk)

    def _kept_head(self) -> tuple[bytes, ...]:
        if int(self.easy.getinfo(pycurl.HEADER_SIZE)) <= KEEP_HEADER_BYTES:
            return tuple(self._head)
        ends = accumulate(len(line) for line in self._head)
        return tuple(line for line, end in zip(self._head, ends, strict=True) if end <= KEEP_HEADER_BYTES)

    def _explain(self, code: int, message: str) -> tuple[Failure | None, str]:
        if code == 0:
            return None, ""
        found = failure(code)
        if found == "connect" and self._refusal:
            return "blocked-address", self._refusal
        if self._too_large:
            return "too-large", f"The answer is longer than {self.request.abort_after} bytes."
        if code == pycurl.E_RECV_ERROR and int(self.easy.getinfo(pycurl.HEADER_SIZE)) > _ENDLESS_HEAD:
            return "too-large", "The answer's headers do not end."
        return found, message


def _text(host: str | int | bytes) -> str:
    return host.decode("ascii") if isinstance(host, bytes) else str(host)


def _settings(ca_file: str | None) -> list[tuple[int, object]]:
    """What holds for every request. Nothing is taken from the environment, no redirect is followed."""
    paths = get_default_verify_paths()
    settings: list[tuple[int, object]] = [
        (pycurl.NOSIGNAL, 1),
        (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
        (pycurl.PROXY, ""),
        (pycurl.NETRC, pycurl.NETRC_IGNORED),
        (pycurl.FOLLOWLOCATION, 0),
        # HTTP/2 took as much CPU per request when measured, and would put every call to a host on one connection.
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
        (pycurl.USERAGENT, USER_AGENT),
        (pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2),
        (pycurl.SSL_VERIFYPEER, 1),
        (pycurl.SSL_VERIFYHOST, 2),
        (pycurl.MAXAGE_CONN, IDLE_SECONDS),
        (pycurl.MAXLIFETIME_CONN, LIFETIME_SECONDS),
    ]
    if ca_file or paths.cafile:
        settings.append((pycurl.CAINFO, ca_file or paths.cafile))
    if not ca_file and paths.capath:
        settings.append((pycurl.CAPATH, paths.capath))
    return settings
