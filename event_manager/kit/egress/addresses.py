"""Which addresses a tenant may make this installation connect to.

An own table after the IANA special-purpose address registries (IPv4, IPv6) and the multicast registries: Python's
``ipaddress.is_global`` calls multicast, fec0::/10, IPv4-compatible and NAT64 forms of 127.0.0.1 public. Of IPv6 only
the part given out as global unicast (2000::/3) is public at all; the further rows say why a familiar address is not.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_PUBLIC_V4 = [
    (IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this machine"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a provider's inner network"),
        ("127.0.0.0/8", "this machine"),
        ("168.63.129.16/32", "a cloud's inner service"),  # outside every registry, yet answered inside the cloud only
        ("169.254.0.0/16", "link-local, where clouds keep their metadata"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "kept for protocols"),
        ("192.0.2.0/24", "kept for documentation"),
        ("192.88.99.0/24", "a relay that was withdrawn"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "kept for benchmarks"),
        ("198.51.100.0/24", "kept for documentation"),
        ("203.0.113.0/24", "kept for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved or broadcast"),
    )
]
_NOT_PUBLIC_V6 = [
    (IPv6Network(network), reason)
    for network, reason in (
        ("::/128", "this machine"),
        ("::1/128", "this machine"),
        ("::/96", "an IPv4 address in a withdrawn form"),
        ("::ffff:0:0:0/96", "a translated IPv4 address"),
        ("64:ff9b:1::/48", "a local translation to IPv4"),
        ("100::/64", "discarded"),
        ("100:0:0:1::/64", "a dummy prefix"),
        ("2001::/23", "kept for protocols (Teredo, ORCHID, benchmarks)"),
        ("2001:db8::/32", "kept for documentation"),
        ("3fff::/20", "kept for documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "a private network in a withdrawn form"),
        ("ff00::/8", "multicast"),
    )
]
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def why_not_public(address: Address) -> str | None:
    """What the address is for, where that is not the public internet; None for a public one.

    An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4) is judged by the one it carries.
    """
    if isinstance(address, IPv4Address):
        return next((reason for network, reason in _NOT_PUBLIC_V4 if address in network), None)
    if address.scope_id is not None:
        return "link-local"
    carried = _carried(address)
    if carried is not None:
        return why_not_public(carried)
    reason = next((reason for network, reason in _NOT_PUBLIC_V6 if address in network), None)
    if reason is None and address not in _GLOBAL_UNICAST:
        return "not given out as a public address"
    return reason


def is_public(address: str | Address) -> bool:
    """Whether the address belongs to the public internet. ValueError where the text is no address."""
    return why_not_public(ip_address(address)) is None


class Guard:
    """Judges addresses to connect to: the public ones, and the networks this installation lets through.

    `allowed_networks`: CIDR texts such as "127.0.0.0/8" or "10.1.0.0/16"; ValueError names one that is none.
    """

    def __init__(self, allowed_networks: Iterable[str] = ()) -> None:
        self.allowed: tuple[Network, ...] = tuple(ip_network(text) for text in allowed_networks)

    def refusal(self, address: str | Address) -> str | None:
        """A sentence saying why the address may not be connected to, or None where it may."""
        try:
            judged = ip_address(address)
        except ValueError:
            return f"'{address}' is not an address that can be judged."
        reason = why_not_public(judged)
        if reason is None or self._lets_through(judged):
            return None
        return f"{judged} is not a public address ({reason})."

    def _lets_through(self, address: Address) -> bool:
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return any((mapped or address) in network for network in self.allowed)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour
