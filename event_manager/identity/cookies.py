"""The session cookie, and the defence of cookie-carried writes against other sites' pages."""

from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request, Response

from event_manager.config import Settings
from event_manager.identity.errors import ForeignOrigin

NAME = "em_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def credential(request: Request) -> tuple[str, bool]:
    """The token a request carries ('' for none) and whether a cookie carried it. A bearer token comes first."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token.strip():
        return token.strip(), False
    return request.cookies.get(NAME, ""), True


def set_session(request: Request, response: Response, token: str, lifetime: timedelta) -> None:
    """Send the session cookie: host-only, not readable by scripts, not sent along by other sites' pages."""
    response.set_cookie(
        NAME, token, max_age=int(lifetime.total_seconds()), path="/", httponly=True, samesite="lax",
        secure=_secure(request),
    )  # fmt: skip


def clear_session(request: Request, response: Response) -> None:
    """Make the browser forget the session cookie."""
    response.delete_cookie(NAME, path="/", httponly=True, samesite="lax", secure=_secure(request))


def check_origin(request: Request) -> None:
    """Raise ForeignOrigin when a browser says that another site's page made this request.

    Browsers send Origin or Sec-Fetch-Site with every write; a cookie without either is refused too.
    """
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site") in ("same-origin", "none"):
            return
        raise ForeignOrigin("A write with a session cookie needs an Origin header; programs use a bearer token.")
    settings: Settings = request.app.state.settings
    own = {request.headers.get("host", "").lower(), urlsplit(settings.public_url()).netloc.lower()} - {""}
    if origin not in settings.allowed_origins and _site(origin) not in own:
        raise ForeignOrigin(f"Pages of '{origin}' may not write here; an operator can add it to the allowed origins.")


def check_origin_if_browser(request: Request) -> None:
    """As `check_origin`, for addresses that programs use without a cookie: silence is no offence."""
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        check_origin(request)


def _site(origin: str) -> str:
    """Host and port of an origin; '' for one that names none or is no address."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _secure(request: Request) -> bool:
    """Always, except on this machine, or where the operator's public address says http in so many words."""
    settings: Settings = request.app.state.settings
    if settings.base_url:
        return not settings.base_url.startswith("http://")
    host = request.headers.get("host", "")
    name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    return request.scope["scheme"] == "https" or name.lower() not in LOOPBACK
