"""A private internet: run in a network of its own, where this machine is every address there is.

`in_a_world` starts this file in fresh user, mount and network name spaces. There every IPv4 and IPv6 address leads to
one sink, and names are answered by a small DNS server, so that a guard that failed would really connect.
"""

import asyncio
import json
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

from event_manager.kit.egress import Guard, Request, Sender
from tests.kit.egress.hostile import ADDRESSES
from tests.kit.egress.sink import Sink

ROOT = Path(__file__).parents[3]
PUBLIC = "93.184.215.14"
SETUP = """
mount --bind "$1" /etc/resolv.conf && ip link set lo up
ip route add local default dev lo && ip -6 route add local default dev lo
shift && exec "$@"
"""


def why_no_world() -> str | None:
    """Why a world cannot be made here, or None."""
    missing = [name for name in ("unshare", "ip", "mount") if shutil.which(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    tried = subprocess.run(["unshare", "-rmn", "ip", "link", "set", "lo", "up"], capture_output=True, timeout=10)
    return None if tried.returncode == 0 else "this machine allows no private name spaces"


def in_a_world(folder: Path, module: str = __name__, given: str = "") -> dict[str, dict[str, object]]:
    """What a module tells that is run there with this input: here, what became of each story below, by its name."""
    resolver = folder / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\n")
    command = ["unshare", "-rmn", "sh", "-ec", SETUP, "sh", str(resolver), sys.executable, "-m", module]
    done = subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, object]] = json.loads(done.stdout)
    return told


class Names:
    """A DNS server: `answers` by name, one list of IPv4 addresses per question, the last for ever; silent on others."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self._answers = answers
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        asyncio.get_running_loop().add_reader(self._socket, self._serve)

    def _serve(self) -> None:
        question, asker = self._socket.recvfrom(512)
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode())
            at += 1 + question[at]
        steps = self._answers.get(".".join(labels))
        if steps is None:
            return
        found: list[str] = []
        if question[at + 1 : at + 3] == b"\x00\x01":  # A; there are no AAAA
            found = steps.pop(0) if len(steps) > 1 else steps[0]
        head = question[:2] + struct.pack("!HHHHH", 0x8180, 1, len(found), 0, 0)
        rows = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + socket.inet_aton(ip) for ip in found)
        self._socket.sendto(head + question[12 : at + 5] + rows, asker)


async def _tell() -> dict[str, dict[str, object]]:
    Names(
        {
            "public.test": [[PUBLIC]],
            "inner.test": [["10.0.0.7"]],
            "metadata.test": [["169.254.169.254"]],
            "rebind.test": [[PUBLIC], ["127.0.0.1"]],
            "mixed.test": [["127.0.0.1", PUBLIC, "10.0.0.7"]],
        }
    )
    sink, later = Sink(port=80), Sink(port=8080)
    for server in (sink, later):
        await asyncio.start_server(server.serve, ["0.0.0.0", "::"], server.port)
    stories: dict[str, dict[str, object]] = {}
    async with Sender[int](lambda _batch: None, guard=Guard(["0.0.0.0/0", "::/0"])) as unguarded:
        stories["control"] = await _visit(unguarded, sink, _hosts())
    async with Sender[int](lambda _batch: None, guard=Guard()) as sender:
        stories["hostile"] = await _visit(sender, sink, _hosts())
        for name in ("public.test", "inner.test", "metadata.test", "mixed.test", "[2606:4700::1111]", "8.8.8.8"):
            stories[name] = await _visit(sender, sink, [name])
        stories["rebind, first"] = await _visit(sender, sink, ["rebind.test"])
        stories["rebind, then"] = await _visit(sender, later, ["rebind.test"])
        stories["silent"] = await _silent(sender)
    return stories


def _hosts() -> list[str]:
    return [f"[{address}]" if ":" in address else address for address in ADDRESSES]


def _get(host: str, port: int = 80) -> Request:
    return Request("GET", f"http://{host}:{port}/close", timeout=5, connect_timeout=1)


async def _visit(sender: Sender[int], sink: Sink, hosts: list[str]) -> dict[str, object]:
    before = sink.connections
    responses = [await sender.fetch(_get(host, sink.port)) for host in hosts]
    return {
        "results": {host: response.error or response.status for host, response in zip(hosts, responses, strict=True)},
        "used": [response.ip for response in responses],
        "connections": sink.connections - before,
    }


async def _silent(sender: Sender[int]) -> dict[str, object]:
    """A DNS server that never answers about one name, while others are called before and after it is given up."""
    order: list[str | int | None] = []

    async def call(host: str) -> None:
        response = await sender.fetch(_get(host))
        order.append(response.error or response.status)

    waiting = asyncio.create_task(call("silent.test"))
    for _ in range(3):
        await call("public.test")
    await waiting
    await call("public.test")
    return {"order": order}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_tell())))
