"""Where a webhook may send to: the address of each kind in its one normal form."""

import re
from urllib.parse import urlsplit

from event_manager.kit.egress import BadUrl, Guard, parse_url

BROKERS = {"nats": (("nats", "tls"), 4222, "subject")}
"""Schemes, usual port, and what the path names, by kind."""

_BROKER = re.compile(r"([a-z]+)://([^/?#]+)(?:/([^?#]*))?")
_TARGET = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
MAX_TARGET = 200


def parse_address(kind: str, text: str, guard: Guard) -> str:
    """The normal form of an address for a kind of webhook; BadUrl says what is wrong with it."""
    if kind == "http":
        return parse_url(text, guard, allow_http=True)
    if kind == "feed":
        if text:
            raise BadUrl("A pull feed has no URL: receivers come to fetch. Leave it out.")
        return ""
    return _broker(kind, text, guard)


def host_of(url: str) -> str:
    """Host and port, which may be told where the whole address may not: with some receivers the path is a secret."""
    return urlsplit(url).netloc


def origin_of(url: str) -> tuple[str, str]:
    """Scheme, and host with port: whose server it is, and whether it is spoken to in secret."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _broker(kind: str, text: str, guard: Guard) -> str:
    schemes, usual_port, named = BROKERS[kind]
    example = f"{schemes[0]}://broker.example.org:{usual_port}/event-manager"
    found = _BROKER.fullmatch(text)
    if found is None or found[1] not in schemes:
        raise BadUrl(f"Write the server and the {named}, such as {example}.")
    target = found[3] or ""
    if not _TARGET.fullmatch(target) or len(target) > MAX_TARGET:
        raise BadUrl(f"Name the {named} after the server: letters, digits, hyphens and dots, such as {example}.")
    server = parse_url(f"https://{found[2]}", guard)  # the rules for hosts and ports are the same
    host = host_of(server)
    port = "" if re.search(r":\d+$", host) else f":{usual_port}"
    return f"{found[1]}://{host}{port}/{target}"
