"""Addresses: what is public, and what an installation lets through."""

from ipaddress import IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_manager.kit.egress import Guard, is_public
from tests.kit.egress.hostile import ADDRESSES


def test_there_are_forty_hostile_addresses() -> None:
    assert len(set(ADDRESSES)) == 40


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_hostile_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_guard_says_why(address: str) -> None:
    refusal = Guard().refusal(address)

    assert refusal is not None
    assert "is not a public address (" in refusal


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4001::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ],
)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address", ["4000::1", "1::1", "fe80::1%eth0", "2606:4700::1%1", "2002:c0a8:101::", "2001:20::1"]
)
def test_what_nobody_gave_out_is_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_each_form_that_carries_it(address: object) -> None:
    plain = str(address)
    parts = [int(part) for part in plain.split(".")]
    six_to_four = f"2002:{parts[0] * 256 + parts[1]:x}:{parts[2] * 256 + parts[3]:x}::1"

    assert {is_public(text) for text in (plain, f"::ffff:{plain}", f"64:ff9b::{plain}", six_to_four)} == {
        is_public(plain)
    }


@given(st.ip_addresses(v=4))
def test_nothing_that_python_calls_private_is_public(address: object) -> None:
    from ipaddress import ip_address

    judged = ip_address(str(address))

    assert not (is_public(judged) and judged.is_private)


@pytest.mark.parametrize(
    ("address", "passes"),
    [
        ("127.0.0.1", True),
        ("::ffff:127.0.0.1", True),
        ("127.1.0.1", False),
        ("::1", False),
        ("fd12::5", True),
        ("10.0.0.1", False),
        ("64:ff9b::127.0.0.1", False),
        ("8.8.8.8", True),
    ],
)
def test_an_installation_lets_named_networks_through(address: str, *, passes: bool) -> None:
    guard = Guard(["127.0.0.0/16", "fd12::/32"])

    assert (guard.refusal(address) is None) is passes


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f.0.0.1", "127.0.0.01", "1.2.3.4.5"])
def test_what_is_no_address_is_refused(text: str) -> None:
    assert Guard(["0.0.0.0/0"]).refusal(text) == f"'{text}' is not an address that can be judged."


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="elsewhere"):
        Guard(["elsewhere"])


def test_networks_keep_their_kind() -> None:
    assert Guard(["10.0.0.0/8", "fd00::/8"]).allowed == (IPv4Network("10.0.0.0/8"), IPv6Network("fd00::/8"))
