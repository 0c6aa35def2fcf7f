"""URLs as a tenant writes them: one normal form, or a sentence saying what is wrong."""

import pytest

from event_manager.kit.egress import BadUrl, Guard, parse_url
from tests.kit.egress.hostile import ADDRESSES


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.ORG:443/Hook", "https://example.org/Hook"),
        ("https://example.org:8443/a?b=c&d=%20", "https://example.org:8443/a?b=c&d=%20"),
        ("https://example.org?x=1", "https://example.org/?x=1"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("https://ｅｘａｍｐｌｅ.org/", "https://example.org/"),
        ("https://例え。jp/", "https://xn--r8jz45g.jp/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:0::1111]:8443/", "https://[2606:4700::1111]:8443/"),
        ("https://a-1.b--c.example.org/%7Euser", "https://a-1.b--c.example.org/%7Euser"),
        ('https://example.org/a"b<c>', "https://example.org/a%22b%3Cc%3E"),
    ],
)
def test_a_good_url_gets_its_one_form(written: str, normal: str) -> None:
    assert parse_url(written, Guard()) == normal


@pytest.mark.parametrize(
    "written",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://①②⑦.⓪.⓪.①/",
        "https://127。0。0。1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[v1.x]/",
        "https://%31%32%37.0.0.1/",
        "https://localhost/",
        "https://api.localhost/",
        "https://metadata.google.internal/",
        "https://intranet/",
    ],
)
def test_a_spelling_of_an_inner_address_is_refused(written: str) -> None:
    with pytest.raises(BadUrl):
        parse_url(written, Guard(), allow_http=True)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_hostile_literal_is_refused_when_saved(address: str) -> None:
    host = f"[{address}]" if ":" in address else address

    with pytest.raises(BadUrl, match="is not a public address"):
        parse_url(f"https://{host}/", Guard())


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "1 to 2048 characters"),
        ("https://example.org/" + "a" * 2048, "1 to 2048 characters"),
        ("https://example.org/" + "ü" * 1000, "longer than 2048"),
        ("example.org/hook", "Write the whole URL"),
        ("//example.org/hook", "Write the whole URL"),
        ("https:example.org", "Write the whole URL"),
        ("http://example.org/", "must begin with https://\\."),
        ("ftp://example.org/", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https://user:secret@example.org/", "no user name or password"),
        ("https://example.org@127.0.0.1/", "no user name or password"),
        ("https://example.org/#top", "no fragment"),
        ("https://127.0.0.1\\@example.org/", "backslashes"),
        ("https://exam ple.org/", "no spaces"),
        ("https://example.org/\r\nHost: x", "control characters"),
        ("https://example.org/a\u200bb", "control characters"),
        ("https:///hook", "names no host"),
        ("https://:8443/hook", "names no host"),
        ("https://example.org:0/", "Port 0"),
        ("https://example.org:22/", "Port 22"),
        ("https://example.org:6379/", "Port 6379"),
        ("https://example.org:70000/", "Port 70000"),
        ("https://example.org:https/", "cannot be read"),
        ("https://example.org:٤٤٣/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://2606:4700::1111/", "cannot be read"),
        ("https://example.org./", "dot at the end"),
        ("https://exa_mple.org/", "is not a host name"),
        ("https://-a.org/", "is not a host name"),
        ("https://a..org/", "is not a host name"),
        ("https://" + "a" * 64 + ".org/", "is not a host name"),
        ("https://ex☃️ample‍.org/", "control characters|is not a host name"),
        ("https://1.2.3.4.5/", "four plain decimal numbers"),
        ("https://256.1.1.1/", "four plain decimal numbers"),
    ],
)
def test_a_refusal_says_what_is_wrong(written: str, reason: str) -> None:
    with pytest.raises(BadUrl, match=reason):
        parse_url(written, Guard())


@pytest.mark.parametrize(
    "written", ["http://127.0.0.1:8400/hook", "http://localhost:8400/hook", "https://intranet/hook"]
)
def test_an_installation_that_lets_a_network_through_accepts_its_names(written: str) -> None:
    assert parse_url(written, Guard(["127.0.0.0/8"]), allow_http=True) == written


def test_the_normal_form_is_its_own() -> None:
    once = parse_url("https://bücher.example:8443/ä?ö=%C3%A4", Guard())

    assert parse_url(once, Guard()) == once
