"""Every program of docs/webhook-receivers.md, run as it stands there against genuine, forged and stale messages."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from event_manager.kit.webbuild import node
from event_manager.webhooks import signing
from event_manager.webhooks.signing import Ed25519Key, parse_key
from tests.webhooks import npm

GUIDE = Path(__file__).parents[2] / "docs" / "webhook-receivers.md"
PROGRAM = re.compile(r"^```(?:python|js|sh)\n(?:#|//) (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAMS = dict(PROGRAM.findall(GUIDE.read_text("utf-8")))
SECRET, NEXT, OTHER = (signing.generate_secret() for _ in range(3))
PRIVATE = signing.generate_private_key()
BODY = '{"type":"contest.created","data":{"title":"Zoë"}}'.encode()
SERVERS = ("receiver.py", "library_receiver.py", "receiver.mjs", "library-receiver.mjs")


def signed(*secrets: str, id_: str = "evt_1", age: int = 0, body: bytes = BODY) -> dict[str, str]:
    stamp = int(time.time()) - age
    keys = [parse_key(secret) for secret in secrets]
    return {
        "webhook-id": id_, "webhook-timestamp": str(stamp),
        "webhook-signature": signing.sign(keys, id_, stamp, body),
    }  # fmt: skip


CASES: dict[str, tuple[dict[str, str], bytes, bool]] = {
    "genuine": (signed(SECRET), BODY, True),
    "the same once more": (signed(SECRET), BODY, True),
    "while secrets change": (signed(NEXT, SECRET, id_="evt_2"), BODY, True),
    "with a public key's before": (signed(PRIVATE, SECRET, id_="evt_3"), BODY, True),
    "changed body": (signed(SECRET), BODY.replace(b"created", b"deleted"), False),
    "changed id": (signed(SECRET) | {"webhook-id": "evt_9"}, BODY, False),
    "another secret": (signed(OTHER), BODY, False),
    "stale": (signed(SECRET, age=400), BODY, False),
    "from the future": (signed(SECRET, age=-3600), BODY, False),
    "no number": (signed(SECRET) | {"webhook-timestamp": "soon"}, BODY, False),
    "unsigned": ({}, BODY, False),
}


def written(name: str, folder: Path) -> Path:
    """The program as a file; beside it the packages that JavaScript programs name."""
    path = folder / name
    path.write_text(PROGRAMS[name], encoding="utf-8")
    modules = folder / "node_modules"
    if name.startswith("library-") and not modules.exists():
        npm.install()
        modules.symlink_to(npm.FOLDER / "node_modules")
    return path


def command(path: Path) -> tuple[list[str], dict[str, str]]:
    """How the program is started, and in which environment."""
    if path.suffix == ".mjs":
        here = node()
        return [str(here.binary), str(path)], here.environment()
    return [sys.executable, str(path)], dict(os.environ)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(name: str, folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A receiver that listens; its address and its process."""
    port = free_port()
    line, environment = command(written(name, folder))
    process = subprocess.Popen(
        line,
        env={**environment, "WEBHOOK_SECRET": SECRET, "PORT": str(port), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as client:  # waits longer from try to try
            client.post(f"http://127.0.0.1:{port}/", content=b"{}")
        yield f"http://127.0.0.1:{port}/", process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("name", SERVERS)
def test_a_receiver_takes_what_is_genuine_once_and_refuses_the_rest(name: str, tmp_path: Path) -> None:
    with running(name, tmp_path) as (url, process), httpx.Client() as client:
        answers = {
            case: client.post(url, content=body, headers=headers).status_code
            for case, (headers, body, _genuine) in CASES.items()
        }
        process.terminate()
        printed, _errors = process.communicate(timeout=30)

    assert answers == {case: 204 if genuine else 401 for case, (_headers, _body, genuine) in CASES.items()}
    assert printed.count("contest.created") == 3
    assert "Zoë" in printed


@pytest.mark.skipif(not (shutil.which("openssl") and shutil.which("curl")), reason="openssl or curl is not here")
def test_the_shell_sends_what_a_receiver_takes(tmp_path: Path) -> None:
    with running("receiver.py", tmp_path) as (url, _process):
        environment = {**os.environ, "PORT": url.rstrip("/").rpartition(":")[2]}
        codes = [
            subprocess.run(
                ["sh", str(written("send.sh", tmp_path))], env={**environment, "WEBHOOK_SECRET": secret},
                capture_output=True, text=True, check=True, timeout=60,
            ).stdout.strip()
            for secret in (SECRET, OTHER)
        ]  # fmt: skip

    assert codes == ["204", "401"]


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not here")
@pytest.mark.parametrize("case", [name for name in CASES if name not in ("no number", "unsigned")])
def test_the_shell_tells_what_is_genuine(case: str, tmp_path: Path) -> None:
    headers, body, genuine = CASES[case]
    (tmp_path / "body.json").write_bytes(body)
    given = {name.upper().replace("-", "_"): value for name, value in headers.items()}

    done = subprocess.run(
        ["sh", str(written("check.sh", tmp_path))], env={**os.environ, **given, "WEBHOOK_SECRET": SECRET},
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (done.returncode == 0, done.stdout.strip() == "genuine") == (genuine, genuine)


PYTHON_JUDGE = """
import json, sys
from collections import defaultdict
from genuine_v1a import genuine
print(json.dumps([genuine(defaultdict(lambda: None, h), b.encode()) for h, b in json.load(sys.stdin)]))
"""
NODE_JUDGE = """
import { readFileSync } from 'node:fs';
import { genuine } from './genuine-v1a.mjs';
const cases = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(cases.map(([h, b]) => genuine(h, Buffer.from(b)))));
"""
JUDGE = {"genuine_v1a.py": ("judge.py", PYTHON_JUDGE), "genuine-v1a.mjs": ("judge.mjs", NODE_JUDGE)}


@pytest.mark.parametrize("name", JUDGE)
def test_a_public_key_tells_what_is_genuine(name: str, tmp_path: Path) -> None:
    key = parse_key(PRIVATE)
    assert isinstance(key, Ed25519Key)
    cases = [
        (signed(PRIVATE), BODY, True),
        (signed(SECRET, PRIVATE), BODY, True),
        (signed(PRIVATE), BODY + b" ", False),
        (signed(SECRET), BODY, False),
        (signed(signing.generate_private_key()), BODY, False),
        (signed(PRIVATE, age=400), BODY, False),
        ({**signed(PRIVATE), "webhook-signature": "v1a,nonsense"}, BODY, False),
    ]
    written(name, tmp_path)
    judge, source = JUDGE[name]
    (tmp_path / judge).write_text(source, encoding="utf-8")
    line, environment = command(tmp_path / judge)

    done = subprocess.run(
        line, env={**environment, "WEBHOOK_PUBLIC_KEY": key.public}, cwd=tmp_path, capture_output=True, text=True,
        input=json.dumps([(headers, body.decode()) for headers, body, _ in cases]), check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [wanted for _headers, _body, wanted in cases]


def test_every_program_of_the_guide_is_run_here() -> None:
    assert set(PROGRAMS) == {*SERVERS, *JUDGE, "send.sh", "check.sh"}
    assert GUIDE.read_text("utf-8").count("```") == 2 * len(PROGRAMS)
