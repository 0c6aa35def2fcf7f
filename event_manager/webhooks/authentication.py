"""What somebody gave for signing in at a receiver, checked and made one with what is kept already."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from event_manager.kit.egress import BadHeader, BadUrl, check_headers, parse_url
from event_manager.webhooks.certificates import PemRefused, check_authorities, check_client_certificate
from event_manager.webhooks.checking import Terms
from event_manager.webhooks.credentials import Basic, Broker, Certificate, Credentials, OAuth2
from event_manager.webhooks.faults import Faults, escaped
from event_manager.webhooks.schemas import AuthenticationPut

OURS = ("webhook-", "ce-")
"""Beginnings of headers that the product sets itself."""
OURS_WHOLE = frozenset({"content-type", "content-encoding"})
ALLOWED = {
    "http": ("none", "basic", "oauth2"),
    "feed": ("none",),
    "nats": ("none", "broker"),
}
NEEDED = {"basic": ("username", "password"), "oauth2": ("token_url", "client_id", "client_secret")}
POSSIBLE = {
    "none": (), "basic": NEEDED["basic"], "oauth2": (*NEEDED["oauth2"], "scope"),
    "broker": ("username", "password", "token"),
}  # fmt: skip
SECRET_FIELDS = ("headers", "auth", "client_certificate", "ca")


def credentials(
    old: Credentials, given: Mapping[str, Any], kind: str, *, terms: Terms, now: datetime, faults: Faults
) -> Credentials:
    """What is to be kept, given the fields of a request (names as in the schemas) and what was kept before."""
    made: dict[str, Any] = {}
    if given.get("headers") is not None:
        made["headers"] = _headers(old, given["headers"], faults)
    if given.get("auth") is not None:
        made |= _auth(given["auth"], kind, terms, faults)
    if "client_certificate" in given:
        made["client_certificate"] = _certificate(given["client_certificate"], kind, now, faults)
    if "ca" in given:
        made["ca"] = _authorities(given["ca"], kind, faults)
    kept = old.model_copy(update=made)
    if (kept.basic or kept.oauth2) and any(name.lower() == "authorization" for name, _ in kept.headers):
        faults.add("/headers/Authorization", "The sign-in sets this header already; choose one of the two.")
    return kept


def refuse_to_carry(old: Credentials, given: Mapping[str, Any], place: str, faults: Faults) -> None:
    """Say that what was given for `place` does not go along to another server, which could read it out."""
    headers = given.get("headers")
    kept = old.headers and (headers is None or any(value is None for value in headers.values()))
    signed_in = (old.basic or old.oauth2 or old.broker) and given.get("auth") is None
    if kept or signed_in:
        faults.add(
            "/url",
            f"This is another server. Headers and sign-in were given for {place} and do not go along: "
            "send 'headers' and 'auth' with it, anew or emptied.",
        )


def secret_changes(old: Credentials, new: Credentials) -> list[str]:
    """Names of the fields that differ, for the log."""
    pairs = {
        "headers": (old.headers, new.headers),
        "auth": ((old.basic, old.oauth2, old.broker), (new.basic, new.oauth2, new.broker)),
        "clientCertificate": (old.client_certificate, new.client_certificate),
        "ca": (old.ca, new.ca),
    }
    return [name for name, (before, after) in pairs.items() if before != after]


def _headers(old: Credentials, given: Mapping[str, str | None], faults: Faults) -> tuple[tuple[str, str], ...]:
    kept = {name.lower(): value for name, value in old.headers}
    made: dict[str, tuple[str, str]] = {}
    for name, value in given.items():
        pointer, low = f"/headers/{escaped(name)}", name.lower()
        if low in made:
            faults.add(pointer, "This header stands there twice; capitals make no difference.")
        elif low in OURS_WHOLE or low.startswith(OURS):
            faults.add(pointer, f"'{name[:60]}' is set by the product itself; use a name of your own.")
        elif value is None and low not in kept:
            faults.add(pointer, "There is no such header to keep; give it a value.")
        else:
            made[low] = (name, kept[low] if value is None else value)
            _sendable(made[low], pointer, faults)
    return tuple(made.values())


def _sendable(header: tuple[str, str], pointer: str, faults: Faults) -> None:
    try:
        check_headers((header,))
    except BadHeader as refused:
        faults.add(pointer, str(refused))


def _auth(given: AuthenticationPut, kind: str, terms: Terms, faults: Faults) -> dict[str, Any]:
    """All three ways of signing in, so that the new one ends the one before."""
    made: dict[str, Any] = {"basic": None, "oauth2": None, "broker": None}
    if given.kind not in ALLOWED[kind]:
        faults.add("/auth/kind", f"A webhook of kind {kind} takes one of: {', '.join(ALLOWED[kind])}.")
        return made
    if _incomplete(given, faults):
        return made
    match given.kind:
        case "basic":
            if ":" in (given.username or ""):
                faults.add("/auth/username", "A user name of the basic scheme holds no colon.")
            made["basic"] = Basic(username=given.username or "", password=given.password or "")
        case "oauth2":
            made["oauth2"] = OAuth2(
                token_url=_token_url(given.token_url or "", terms, faults), client_id=given.client_id or "",
                client_secret=given.client_secret or "", scope=given.scope or "",
            )  # fmt: skip
        case "broker":
            made["broker"] = Broker(
                username=given.username or "", password=given.password or "", token=given.token or ""
            )
    return made


def _incomplete(given: AuthenticationPut, faults: Faults) -> bool:
    """Whether fields are missing or do not belong there."""
    wrong = False
    for field in type(given).model_fields:
        if field == "kind":
            continue
        value, pointer = getattr(given, field), f"/auth/{type(given).model_fields[field].alias}"
        if value and field not in POSSIBLE[given.kind]:
            faults.add(pointer, f"Signing in by {given.kind} has no such field.")
            wrong = True
        elif not value and field in NEEDED.get(given.kind, ()):
            faults.add(pointer, f"Signing in by {given.kind} needs this field.")
            wrong = True
    if given.kind == "broker" and not (given.token or given.username):
        faults.add("/auth/username", "Give a user name and password, or a token.")
        wrong = True
    return wrong


def _token_url(text: str, terms: Terms, faults: Faults) -> str:
    try:
        return parse_url(text, terms.guard, allow_http=True)
    except BadUrl as refused:
        faults.add("/auth/tokenUrl", str(refused))
        return ""


def _certificate(given: Any, kind: str, now: datetime, faults: Faults) -> Certificate | None:
    if given is None:
        return None
    if kind == "feed":
        faults.add("/clientCertificate", "A pull feed connects to nobody; leave it out.")
        return None
    try:
        check_client_certificate(given.certificate, given.key, now)
    except PemRefused as refused:
        faults.add(f"/clientCertificate/{refused.part}", str(refused))
    return Certificate(certificate=given.certificate, key=given.key)


def _authorities(given: str | None, kind: str, faults: Faults) -> str | None:
    if given is None:
        return None
    if kind == "feed":
        faults.add("/ca", "A pull feed connects to nobody; leave it out.")
        return None
    try:
        check_authorities(given)
    except PemRefused as refused:
        faults.add("/ca", str(refused))
    return given
