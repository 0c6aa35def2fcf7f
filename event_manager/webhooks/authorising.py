"""The authorisation header of each delivery: basic sign-in, or a bearer token that is fetched, kept and renewed.

Lives in the dispatcher's event loop. Tokens are kept in memory only, per endpoint and version of its settings.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from event_manager.kit.egress import Sender
from event_manager.webhooks.credentials import Credentials, OAuth2
from event_manager.webhooks.tokens import STYLES, NotAuthorised, Style, Token, basic, fetch_token

__all__ = ["Authoriser", "Headers", "NotAuthorised"]

Headers = tuple[tuple[str, str], ...]

MARGIN = 60.0
"""A token is renewed this many seconds before its end, or at nine tenths of a short life."""
FAILURE_KEPT = 2.0
"""Seconds for which a refusal of the token server stands: an endpoint's waiting deliveries must not hammer it.
Less than the first step of the usual schedule, so that a second try really is one."""
RENEWALS_APART = 60.0
"""Seconds between two renewals asked for by a receiver that refuses the token: a new one every time would not help."""


@dataclass(slots=True)
class _Kept:
    """What is known of one endpoint at one version of its settings. Times are the authoriser's clock."""

    version: int
    headers: Headers = ()
    good_until: float = 0.0
    failure: NotAuthorised | None = None
    failed_until: float = 0.0
    styles: tuple[Style, ...] = STYLES
    renewed_at: float = float("-inf")
    fetching: asyncio.Task[Token | NotAuthorised] | None = field(default=None, repr=False)


class Authoriser:
    """Gives the header `Authorization` of an endpoint's requests. `clock` tells seconds."""

    def __init__(self, sender: Sender[Any], clock: Callable[[], float] = time.monotonic) -> None:
        self._sender = sender
        self._clock = clock
        self._kept: dict[UUID, _Kept] = {}

    def ready(self, endpoint_id: UUID, version: int, credentials: Credentials) -> Headers | None:
        """The headers if they need no waiting: none configured, basic, or a token at hand; else None."""
        if credentials.basic is not None:
            return (basic(credentials.basic.username, credentials.basic.password),)
        if credentials.oauth2 is None:
            return ()
        kept = self._kept.get(endpoint_id)
        if kept is None or kept.version != version or self._clock() >= kept.good_until:
            return None
        return kept.headers

    async def headers(self, endpoint_id: UUID, version: int, credentials: Credentials) -> Headers:
        """The headers, with a token fetched where none is at hand; one fetch at a time serves all who wait.

        Raises NotAuthorised, whose `reason` may be shown: it holds no secret.
        """
        at_hand = self.ready(endpoint_id, version, credentials)
        if at_hand is not None or credentials.oauth2 is None:
            return at_hand or ()
        kept = self._of(endpoint_id, version)
        if kept.failure is not None and self._clock() < kept.failed_until:
            raise NotAuthorised(kept.failure.reason)
        if kept.fetching is None:
            kept.fetching = asyncio.create_task(self._fetch(kept, credentials.oauth2, credentials.ca))
        got = await asyncio.shield(kept.fetching)  # one who stops waiting must not take it from the others
        if isinstance(got, NotAuthorised):
            raise NotAuthorised(got.reason)
        return _bearer(got)

    def refused(self, endpoint_id: UUID, sent: Headers) -> bool:
        """The receiver answered 401 to a request with the headers `sent`: is it worth trying again with others?

        Drops the token, unless it is a newer one or one was dropped a moment ago. False where no token is in use.
        """
        kept = self._kept.get(endpoint_id)
        if kept is None or not sent:
            return False
        if kept.headers != sent:
            return True
        if self._clock() < kept.renewed_at + RENEWALS_APART:
            return False
        kept.renewed_at = self._clock()
        kept.headers, kept.good_until = (), 0.0
        return True

    def forget(self, endpoint_id: UUID) -> None:
        """Drop what is kept of an endpoint that is no longer served here. Who waits for its token still gets it."""
        self._kept.pop(endpoint_id, None)

    def _of(self, endpoint_id: UUID, version: int) -> _Kept:
        kept = self._kept.get(endpoint_id)
        if kept is None or kept.version != version:
            kept = self._kept[endpoint_id] = _Kept(version)
        return kept

    async def _fetch(self, kept: _Kept, client: OAuth2, ca: str | None) -> Token | NotAuthorised:
        try:
            token = await fetch_token(self._sender, client, styles=kept.styles, ca=ca.encode() if ca else None)
        except NotAuthorised as failure:
            kept.failure, kept.failed_until = failure, self._clock() + FAILURE_KEPT
            return failure
        finally:
            kept.fetching = None
        kept.headers = _bearer(token)
        kept.styles = (token.style, *(style for style in STYLES if style != token.style))
        kept.good_until = self._clock() + max(token.lifetime - MARGIN, token.lifetime * 0.9)
        kept.failure = None
        return token


def _bearer(token: Token) -> Headers:
    return (("Authorization", f"Bearer {token.value}"),)
