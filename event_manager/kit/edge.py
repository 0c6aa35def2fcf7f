"""Pure ASGI edge: correlation id, tenant from path or host, limits, security headers, access log, metrics.

One middleware, because each layer of a general-purpose kind costs several times more than all of this.
"""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Sequence
from uuid import uuid4

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from event_manager.kit import logs, tracing
from event_manager.kit.errors import MEDIA_TYPE, PayloadTooLarge, Problem, TooManyRequests
from event_manager.kit.metrics import REQUESTS
from event_manager.kit.ratelimit import MAX_KEYS, Buckets, Verdict

CORRELATION = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
TENANT_PATH = re.compile(r"^/t/([a-z0-9][a-z0-9-]{0,62})(/.*)?$")
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
MOST_BYTES = 8 * 1024 * 1024
"""Of a request's body: a file to import and the form around it."""
TOO_LARGE = f"A request may have {MOST_BYTES // 1024 // 1024} MB: send less at once."
UNLIMITED = ("/health", "/ready", "/metrics")
log = logs.logger(__name__)


class Edge:
    """Wraps the application; see the module's docstring."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        base_domain: str = "",
        trusted_proxies: Sequence[str] = (),
        per_minute: int = 0,
        anonymous_per_minute: int = 0,
    ) -> None:
        self.app = app
        self.base_domain = base_domain.lower().lstrip(".")
        self.trusted = frozenset(trusted_proxies)
        self.known, self.strangers = Buckets(per_minute), Buckets(anonymous_per_minute)
        self.unproven = Buckets(per_minute)
        self.proven: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        headers = Headers(scope=scope)
        correlation = self._correlation(headers)
        token = logs.correlation_id.set(correlation)
        tracing.correlate(correlation)
        state = scope.setdefault("state", {})
        state["correlation_id"], state["client_address"] = correlation, self._address(scope, headers)
        state["tenant_slug"], state["identified"] = None, False
        self._find_tenant(scope, headers)
        verdict = self._limit(scope, headers)

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._decorate(MutableHeaders(scope=message), correlation, verdict)
            await send(message)

        try:
            if verdict.allowed and not _too_large(headers):
                await self.app(scope, _bounded(receive), answer)
            elif verdict.allowed:
                await _refuse(PayloadTooLarge(TOO_LARGE), scope, correlation, answer)
            else:
                await _refuse(
                    TooManyRequests(f"Wait {verdict.retry_after} s and try again.",
                                    headers={"Retry-After": str(verdict.retry_after)}),
                    scope, correlation, answer,
                )  # fmt: skip
        finally:
            self._learn(scope)
            self._record(scope, status, time.perf_counter() - started)
            logs.correlation_id.reset(token)

    @staticmethod
    def _correlation(headers: Headers) -> str:
        given = headers.get("x-correlation-id", "")
        return given if CORRELATION.match(given) else uuid4().hex

    def _address(self, scope: Scope, headers: Headers) -> str:
        client = scope.get("client")
        peer = str(client[0]) if client else ""
        if peer in self.trusted:
            hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
            for hop in reversed(hops):
                if hop not in self.trusted:
                    return hop
        return peer

    def _find_tenant(self, scope: Scope, headers: Headers) -> None:
        """Tenant slug from ``/t/SLUG/...`` (taken off the path) or from ``SLUG.base_domain``."""
        found = TENANT_PATH.match(scope["path"])
        if found:
            scope["state"]["tenant_slug"] = found[1]
            scope["path"] = found[2] or "/"
            scope["raw_path"] = scope["path"].encode()
        elif self.base_domain:
            host = headers.get("host", "").split(":")[0].lower()
            if host.endswith("." + self.base_domain):
                scope["state"]["tenant_slug"] = host.removesuffix("." + self.base_domain)

    def _limit(self, scope: Scope, headers: Headers) -> Verdict:
        if scope["path"] in UNLIMITED or not scope["path"].startswith("/api"):
            return Verdict(True, 0, 0, 0)
        credential = headers.get("authorization") or headers.get("cookie")
        if credential:
            digest = scope["state"]["credential"] = hashlib.sha256(credential.encode()).hexdigest()
            if digest in self.proven:
                return self.known.take(self.proven[digest])
            return self.unproven.take(str(scope["state"]["client_address"]))
        return self.strangers.take(str(scope["state"]["client_address"]))

    def _learn(self, scope: Scope) -> None:
        """A credential has a limit of its own once it has been accepted; made-up ones share that of their address."""
        state = scope["state"]
        digest, actor = state.get("credential"), state.get("actor_id")
        if not digest or not actor:
            return
        if digest not in self.proven:
            self.unproven.give_back(str(state["client_address"]))
        self.proven[digest] = f"{state.get('tenant_id', '')} {actor}"
        self.proven.move_to_end(digest)
        if len(self.proven) > MAX_KEYS:
            self.proven.popitem(last=False)

    @staticmethod
    def _decorate(headers: MutableHeaders, correlation: str, verdict: Verdict) -> None:
        headers["X-Correlation-ID"] = correlation
        for name, value in SECURITY.items():
            headers.setdefault(name, value)
        if headers.get("content-type", "").startswith("text/html"):
            headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        if verdict.limit:
            headers["RateLimit"] = (
                f"limit={verdict.limit}, remaining={verdict.remaining}, reset={verdict.retry_after or 60}"
            )

    @staticmethod
    def _record(scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        path = getattr(route, "path", "unmatched")
        REQUESTS.labels(scope["method"], path, f"{status // 100}xx").observe(seconds)
        log.info(
            "request", method=scope["method"], route=path, status=status, ms=round(seconds * 1000, 1),
            tenant=scope["state"].get("tenant_id", ""), actor=scope["state"].get("actor_id", ""),
        )  # fmt: skip


def _too_large(headers: Headers) -> bool:
    stated = headers.get("content-length", "")
    return stated.isdecimal() and int(stated[:20]) > MOST_BYTES


def _bounded(receive: Receive) -> Receive:
    """Ends a body that does not state its length and goes on and on."""
    seen = 0

    async def take() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise HTTPException(413)
        return message

    return take


async def _refuse(problem: Problem, scope: Scope, correlation: str, send: Send) -> None:
    body = orjson.dumps(problem.body(instance=scope["path"], correlation_id=correlation))
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
