"""The URL a tenant saves: read strictly, so that it means the same to a person, to this code and to libcurl.

Spellings that programs read in different ways (short or octal IPv4, backslashes, percent-encoded hosts) are refused
rather than guessed at. What a name leads to is judged when connecting, never here.
"""

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import quote

import idna

from event_manager.kit.egress.addresses import Guard

MAX_URL = 2048
_PARTS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?"
)
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{1,5}))?")
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")
_LOOKS_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?")
_INNER_NAMES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Ports of other protocols, which a request sent there could be made to speak: the WHATWG's list above 1023, and stores.
# fmt: off
_OTHER_PROTOCOLS = frozenset((
    1433, 1521, 1719, 1720, 1723, 2049, 2375, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566,
    6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 10080, 11211, 27017,
))
# fmt: on


class BadUrl(ValueError):
    """The URL is not accepted; the text says why and what to write instead."""


def parse_url(text: str, guard: Guard, *, allow_http: bool = False) -> str:
    """The URL in its one normal form: host in small ASCII letters, default port left out, a path, no fragment.

    An address literal is judged by the guard already here, as is a name that can only be an inner one. BadUrl names
    the first thing that is wrong.
    """
    scheme, authority, rest = _split(text, allow_http=allow_http)
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        raise BadUrl("The host or port cannot be read. Write https://host/path or https://host:port/path.")
    host = _host(found["host"], guard)
    port = _port(found["port"], scheme)
    normal = f"{scheme}://{host}{port}{rest}"
    if len(normal) > MAX_URL:
        raise BadUrl(f"The URL is longer than {MAX_URL} characters.")
    return normal


def _split(text: str, *, allow_http: bool) -> tuple[str, str, str]:
    if not text or len(text) > MAX_URL:
        raise BadUrl(f"A URL has 1 to {MAX_URL} characters.")
    if not text.isprintable() or " " in text or "\\" in text:
        raise BadUrl("A URL holds no spaces, control characters or backslashes.")
    if "#" in text:
        raise BadUrl("A URL to send to has no fragment: leave out '#' and what follows.")
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise BadUrl("Write the whole URL, such as https://example.org/hook.")
    scheme = parts["scheme"].lower()
    if scheme != "https" and not (scheme == "http" and allow_http):
        raise BadUrl("The URL must begin with " + ("https:// or http://." if allow_http else "https://."))
    if "@" in parts["authority"]:
        raise BadUrl("A URL holds no user name or password: use the authentication settings instead.")
    return scheme, parts["authority"], _quoted(parts["path"] or "/") + _quoted(parts["query"] or "")


def _quoted(text: str) -> str:
    """Percent-encode what is not ASCII (as UTF-8) or not allowed in a URL; leave what is encoded already."""
    return quote(text, safe="/?%:@!$&'()*+,;=-._~")


def _host(written: str, guard: Guard) -> str:
    if not written:
        raise BadUrl("The URL names no host.")
    if written.startswith("["):
        return _ipv6(written[1:-1], guard)
    if "%" in written:
        raise BadUrl("Write the host's name itself, not percent-encoded.")
    name = _ascii_name(written)
    if _LOOKS_NUMERIC.fullmatch(name):
        return _ipv4(name, guard)
    if name.endswith("."):
        raise BadUrl("Leave out the dot at the end of the host's name.")
    if not _NAME.fullmatch(name):
        raise BadUrl(f"'{written[:80]}' is not a host name: letters, digits and hyphens, in parts joined by dots.")
    inner = "." not in name or name.endswith(_INNER_NAMES)
    if inner and not guard.allowed:
        raise BadUrl(f"'{name}' is a name of an inner network; a URL reachable from the internet is needed.")
    return name


def _ascii_name(written: str) -> str:
    if written.isascii():
        return written.lower()
    try:
        return idna.encode(written, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadUrl(f"'{written[:80]}' is not a host name: {str(error)[:120]}.") from error


def _ipv4(name: str, guard: Guard) -> str:
    try:
        address = ip_address(name)
    except ValueError:
        raise BadUrl("Write an IPv4 address as four plain decimal numbers, such as 192.0.2.7.") from None
    return _allowed(guard, str(address))


def _ipv6(name: str, guard: Guard) -> str:
    try:
        address = IPv6Address(name)
    except ValueError:
        raise BadUrl(f"'[{name[:60]}]' is not an IPv6 address.") from None
    return f"[{_allowed(guard, str(address))}]"


def _allowed(guard: Guard, address: str) -> str:
    refusal = guard.refusal(address)
    if refusal:
        raise BadUrl(refusal)
    return address


def _port(written: str | None, scheme: str) -> str:
    if written is None:
        return ""
    port = int(written)
    if port == _DEFAULT_PORTS[scheme]:
        return ""
    if port in _OTHER_PROTOCOLS or not (port in (80, 443) or 1024 <= port <= 65535):
        raise BadUrl(f"Port {port} is not one for HTTP: use 443, 80 or one of 1024 to 65535.")
    return f":{port}"
