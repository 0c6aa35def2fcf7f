"""TLS: whom the sender believes, and to whom it shows which certificate."""

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path

import pytest

from event_manager.kit.egress import ClientCertificate, Guard, Request, Sender
from tests.kit.egress.pki import Authority
from tests.kit.egress.sink import OK, Sink, sink


@pytest.fixture
def authority() -> Authority:
    """An authority that nobody believes by default."""
    return Authority()


def get(server: Sink, authority: Authority | None, client: ClientCertificate | None = None) -> Request:
    ca = authority.pem if authority else None
    return Request("POST", server.url(scheme="https"), timeout=5, ca=ca, client_certificate=client)


async def test_a_server_of_a_believed_authority_is_called(
    tmp_path: Path, authority: Authority, sender: Sender[int]
) -> None:
    async with sink(tls=authority.server(tmp_path, "127.0.0.1")) as server:
        first = await sender.fetch(get(server, authority))
        second = await sender.fetch(get(server, authority))

    assert (first.status, first.reused, second.status, second.reused) == (200, False, 200, True)
    assert first.timings.total >= first.timings.tls > first.timings.connect > 0


async def test_an_installation_can_name_the_authorities_it_believes(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    async with (
        sink(tls=authority.server(tmp_path, "127.0.0.1")) as server,
        Sender[int](lambda _batch: None, guard=Guard(["127.0.0.0/8"]), ca_file=tmp_path / "ca.pem") as sender,
    ):
        response = await sender.fetch(get(server, None))

    assert response.status == 200


@pytest.mark.parametrize("believed", [None, Authority("Someone else")], ids=["machine's", "other"])
async def test_a_server_of_an_unknown_authority_is_refused(
    tmp_path: Path, authority: Authority, sender: Sender[int], believed: Authority | None
) -> None:
    async with sink(tls=authority.server(tmp_path, "127.0.0.1")) as server:
        response = await sender.fetch(get(server, believed))

    assert (response.status, response.error, server.requests) == (None, "tls", [])


async def test_a_certificate_for_another_host_is_refused(
    tmp_path: Path, authority: Authority, sender: Sender[int]
) -> None:
    async with sink(tls=authority.server(tmp_path, "example.org", "127.0.0.2")) as server:
        response = await sender.fetch(get(server, authority))

    assert (response.status, response.error, server.requests) == (None, "tls", [])


async def test_a_certificate_that_has_run_out_is_refused(
    tmp_path: Path, authority: Authority, sender: Sender[int]
) -> None:
    async with sink(tls=authority.server(tmp_path, "127.0.0.1", days=-1)) as server:
        response = await sender.fetch(get(server, authority))

    assert (response.status, response.error) == (None, "tls")


async def test_a_server_that_speaks_no_tls_is_refused(authority: Authority, sender: Sender[int]) -> None:
    ended = asyncio.Event()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        with suppress(ConnectionError):
            await reader.read()
        writer.transport.abort()
        ended.set()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        response = await sender.fetch(get(Sink(server.sockets[0].getsockname()[1]), authority))
        await ended.wait()

    assert (response.status, response.error) == (None, "tls")


async def test_old_tls_is_refused(tmp_path: Path, authority: Authority, sender: Sender[int]) -> None:
    context = authority.server(tmp_path, "127.0.0.1")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    async with sink(tls=context) as server:
        response = await sender.fetch(get(server, authority))

    assert (response.status, response.error) == (None, "tls")


async def test_a_client_certificate_is_shown(tmp_path: Path, authority: Authority, sender: Sender[int]) -> None:
    async with sink(tls=authority.server(tmp_path, "127.0.0.1", asks_clients=True)) as server:
        response = await sender.fetch(get(server, authority, authority.issue("organiser one")))

    assert (response.status, server.certificates) == (200, ["((('commonName', 'organiser one'),),)"])


async def test_without_its_certificate_a_client_is_turned_away(
    tmp_path: Path, authority: Authority, sender: Sender[int]
) -> None:
    async with sink(tls=authority.server(tmp_path, "127.0.0.1", asks_clients=True)) as server:
        response = await sender.fetch(get(server, authority))

    assert (response.status, response.ok, server.requests) == (None, False, [])
    assert response.error in ("tls", "connection-lost")  # TLS 1.3 tells only after the handshake


async def test_nobody_uses_a_connection_made_with_the_certificate_of_another(
    tmp_path: Path, authority: Authority, sender: Sender[int]
) -> None:
    one, two = authority.issue("organiser one"), authority.issue("organiser two")
    async with sink(tls=authority.server(tmp_path, "127.0.0.1", asks_clients=True)) as server:
        responses = [await sender.fetch(get(server, authority, client)) for client in (one, two, one, None)]

    assert [response.status for response in responses] == [200, 200, 200, None]
    assert [response.reused for response in responses] == [False, False, True, False]
    assert server.certificates == [f"((('commonName', 'organiser {name}'),),)" for name in ("one", "two")]


async def test_a_certificate_without_its_own_key_is_told(
    tmp_path: Path, authority: Authority, sender: Sender[int]
) -> None:
    mixed = ClientCertificate(authority.issue("one").certificate, authority.issue("two").key)
    async with sink(tls=authority.server(tmp_path, "127.0.0.1", asks_clients=True)) as server:
        response = await sender.fetch(get(server, authority, mixed))
        garbage = await sender.fetch(get(server, authority, ClientCertificate(b"no", b"pem")))

    assert (response.error, garbage.error, server.requests) == ("tls", "tls", [])


def test_a_private_key_stays_out_of_texts(authority: Authority) -> None:
    assert repr(authority.issue("one")) == "ClientCertificate(...)"
