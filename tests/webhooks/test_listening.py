"""listen-webhooks as a person runs it: a real process, real requests, Ctrl-C."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from event_manager.webhooks import signing
from event_manager.webhooks.listening import report
from event_manager.webhooks.signing import Ed25519Key, parse_key, sign
from event_manager.webhooks.verifying import NotGenuine, Verifier

SECRET = signing.generate_secret()
BODY = '{"type":"contest.created","data":{"title":"Zoë \\u001b[2J"}}'.encode()


def signed(secret: str, *, age: int = 0, body: bytes = BODY) -> dict[str, str]:
    stamp = int(time.time()) - age
    return {
        "webhook-id": "evt_1", "webhook-timestamp": str(stamp),
        "webhook-signature": sign([parse_key(secret)], "evt_1", stamp, body),
    }  # fmt: skip


class Listening:
    """A running command; `url` is where it listens."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "event_manager", "listen-webhooks", "--port", "0", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[4]

    def interrupt(self) -> str:
        """Ctrl-C; all that it printed."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=30)[0]


@pytest.fixture
def listening() -> Iterator[type[Listening]]:
    made: list[Listening] = []

    class Started(Listening):
        def __init__(self, *options: str) -> None:
            super().__init__(*options)
            made.append(self)

    yield Started
    for each in made:
        each.process.kill()
        each.process.communicate()


def test_each_message_is_shown_with_whether_it_is_genuine_until_it_is_interrupted(
    listening: type[Listening],
) -> None:
    running = listening("--secret", SECRET, "--respond", "503")

    with httpx.Client() as client:
        answers = [
            client.post(running.url, content=BODY, headers=signed(SECRET)).status_code,
            client.post(running.url, content=BODY + b" ", headers=signed(SECRET)).status_code,
            client.get(running.url).status_code,
        ]
    told = running.interrupt()

    assert answers == [503, 503, 200]
    assert running.process.returncode == 0
    assert told.count("contest.created  answered 503") == 2
    assert "signature  valid\n" in told
    assert "signature  NOT VALID: no signature fits: the secret is another one, or the body was changed" in told
    assert '"title": "Zoë \\u001b[2J"' in told
    assert told.endswith("Ended.\n")


def test_a_port_in_use_and_a_wrong_secret_are_told_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for options, says in (
            (["--port", port], f"Port {port} cannot be used: Address already in use."),
            (["--secret", "hunter2"], "--secret cannot be used: The secret must start with whsec_"),
        ):
            done = subprocess.run(
                [sys.executable, "-m", "event_manager", "listen-webhooks", *options],
                capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
            assert (done.returncode, done.stdout) == (1, "")
            assert says in done.stderr
            assert "Traceback" not in done.stderr


def faulty(name: str) -> dict[str, str]:
    return {key: value for key, value in signed(SECRET).items() if key != name}


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        (faulty("webhook-id"), "webhook-id is missing"),
        (faulty("webhook-signature"), "webhook-signature is missing"),
        ({**signed(SECRET), "webhook-timestamp": "soon"}, "no number of seconds"),
        (signed(SECRET, age=301), "300 s pass"),
        (signed(SECRET, age=-3600), "300 s pass"),
        (signed(signing.generate_secret()), "no signature fits"),
        (signed(signing.generate_private_key()), "no v1 signature"),
    ],
)
def test_what_is_not_genuine_says_why(headers: dict[str, str], says: str) -> None:
    with pytest.raises(NotGenuine, match=says):
        Verifier(SECRET).check(headers, BODY, time.time())


def test_a_public_key_checks_what_its_private_key_signed() -> None:
    private = signing.generate_private_key()
    key = parse_key(private)
    assert isinstance(key, Ed25519Key)

    Verifier(key.public).check(signed(private), BODY, time.time())
    with pytest.raises(NotGenuine, match="no signature fits"):
        Verifier(key.public).check(signed(private), BODY + b" ", time.time())
    with pytest.raises(NotGenuine, match="no v1a signature"):
        Verifier(key.public).check(signed(SECRET), BODY, time.time())


def test_a_report_marks_tests_and_survives_what_is_no_json() -> None:
    told = report({"webhook-test": "true", "ce-type": "x\x1b[1m"}, b"\xff\x1b]0;title\x07", None, 0, 200)

    assert "x\ufffd[1m (test)  answered 200" in told
    assert "signature  not checked: give --secret" in told
    assert "\x1b" not in told
