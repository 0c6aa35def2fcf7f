"""Fetch an OAuth2 access token by the client credentials grant (RFC 6749, 4.4), from a server that may be hostile.

What the server answers is never repeated, except for the six error codes of the RFC: it could quote the secret.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote_plus, urlencode, urlsplit

import orjson

from event_manager.kit.egress import Failure, Request, Response, Sender
from event_manager.webhooks.credentials import OAuth2

TIMEOUT = 10.0
"""Seconds for the whole of one request to a token server."""
LONGEST_ANSWER = 64 * 1024
UNSAID_LIFETIME = 300.0
"""Seconds that a token is used where the server does not say for how long it is good."""
LONGEST_LIFETIME = 24 * 3600.0

Style = Literal["basic", "form"]
"""How the client shows who it is: in the Authorization header (client_secret_basic), or in the form (..._post)."""
STYLES: tuple[Style, ...] = ("basic", "form")

_TOKEN = re.compile(r"[\x21-\x7e]{1,8000}")
_ERRORS = {
    "invalid_request": "it calls the request malformed",
    "invalid_client": "it does not know the client id, or the client secret is wrong",
    "invalid_grant": "it refuses the grant",
    "unauthorized_client": "this client may not use the client credentials grant",
    "unsupported_grant_type": "it does not offer the client credentials grant",
    "invalid_scope": "it does not give the scope asked for",
}
_BROKEN: dict[Failure, str] = {
    "blocked-address": "its address is not one that may be connected to",
    "bad-url": "its URL cannot be used",
    "dns": "its name is not known",
    "connect": "it cannot be reached",
    "timeout": f"it did not answer within {TIMEOUT:.0f} s",
    "tls": "no trusted TLS connection could be made: its certificate is not believed, or not for this host",
    "connection-lost": "it closed the connection before the whole answer came",
    "bad-header": "the client id or client secret has characters that cannot be sent",
    "protocol": "it does not speak HTTP",
    "too-large": f"its answer is larger than {LONGEST_ANSWER // 1024} KiB",
    "aborted": "the request was broken off because the product is stopping",
    "internal": "the request could not be made",
}


class NotAuthorised(Exception):
    """No authorisation could be had for an endpoint; `reason` is a sentence that holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token, good for `lifetime` seconds from when it was given. `style`: how the client was believed."""

    value: str
    lifetime: float
    style: Style

    def __repr__(self) -> str:
        return f"Token(..., {self.lifetime})"


class TokenRefused(NotAuthorised):
    """The token server gave none. `other_style`: it may if the client shows itself the other way."""

    def __init__(self, client: OAuth2, why: str, *, other_style: bool = False) -> None:
        super().__init__(f"The token server {_host(client)} gave no access token: {why}.")
        self.other_style = other_style


async def fetch_token(
    sender: Sender[Any], client: OAuth2, *, styles: tuple[Style, ...] = STYLES, ca: bytes | None = None
) -> Token:
    """A token for the client; TokenRefused says why there is none.

    The header is tried first, since each server must take it (RFC 6749, 2.3.1), and the form where the header is
    refused; `styles` in another order where the server's habit is known. `ca`: PEM certificates tried where the
    machine's do not vouch for the server.
    """
    for style in styles[:-1]:
        try:
            return await _fetch(sender, client, style, ca)
        except TokenRefused as refused:
            if not refused.other_style:
                raise
    return await _fetch(sender, client, styles[-1], ca)


async def _fetch(sender: Sender[Any], client: OAuth2, style: Style, ca: bytes | None) -> Token:
    response = await sender.fetch(_request(client, style))
    if response.error == "tls" and ca is not None:
        response = await sender.fetch(_request(client, style, ca))
    if response.error is not None:
        raise TokenRefused(client, _BROKEN[response.error])
    if not response.ok:
        raise _refusal(client, response)
    return _read(client, response, style)


def _request(client: OAuth2, style: Style, ca: bytes | None = None) -> Request:
    form = {"grant_type": "client_credentials"}
    if client.scope:
        form["scope"] = client.scope
    headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
    if style == "basic":  # both are form-encoded first (RFC 6749, 2.3.1), so that a colon in them does no harm
        headers.append(basic(quote_plus(client.client_id), quote_plus(client.client_secret)))
    else:
        form |= {"client_id": client.client_id, "client_secret": client.client_secret}
    return Request(
        "POST", client.token_url, headers=tuple(headers), body=urlencode(form).encode(), ca=ca,
        timeout=TIMEOUT, keep=LONGEST_ANSWER, abort_after=LONGEST_ANSWER,
    )  # fmt: skip


def basic(username: str, password: str) -> tuple[str, str]:
    """The header of HTTP's basic scheme (RFC 7617)."""
    return "Authorization", "Basic " + b64encode(f"{username}:{password}".encode()).decode()


def _refusal(client: OAuth2, response: Response) -> TokenRefused:
    status = response.status or 0
    if 300 <= status < 400:
        return TokenRefused(client, "it redirects elsewhere, which is not followed; enter the address it leads to")
    code = _object(response.body).get("error")
    known = code if isinstance(code, str) and code in _ERRORS else None
    why = f"{_ERRORS[known]} ({known}, status {status})" if known else f"it answered with status {status}"
    # 400 is what servers that only read the form say of a request without a client_id in it.
    other = status == 401 or (status == 400 and known in (None, "invalid_client", "invalid_request"))
    return TokenRefused(client, why, other_style=other)


def _read(client: OAuth2, response: Response, style: Style) -> Token:
    found = _object(response.body)
    value, kind = found.get("access_token"), found.get("token_type")
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise TokenRefused(client, "its answer holds no access_token that can be sent")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise TokenRefused(client, "the token's type is not Bearer, which is the only one used here")
    return Token(value, _lifetime(found.get("expires_in")), style)


def _lifetime(said: object) -> float:
    """Seconds; some servers write the number as a text."""
    try:
        seconds = float(said) if isinstance(said, str | int | float) else UNSAID_LIFETIME
    except (ValueError, OverflowError):
        return UNSAID_LIFETIME
    return min(max(seconds, 0.0), LONGEST_LIFETIME) if seconds == seconds else UNSAID_LIFETIME


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _host(client: OAuth2) -> str:
    """The host of the token's URL: the rest of it may hold what nobody should see."""
    try:
        return urlsplit(client.token_url).hostname or "(no host)"
    except ValueError:
        return "(no host)"
