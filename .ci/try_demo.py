"""Starts `python3 run.py demo` on a database of its own, asks /health and the first page, and stops it again."""
# ruff: noqa: INP001, S310 - a script, and the addresses are its own

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

SECONDS_TO_START = 120
SECONDS_TO_STOP = 30


def main() -> None:
    """Exit code 0 if the demo answered and stopped."""
    with tempfile.TemporaryDirectory(prefix="event-manager-demo-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o711)  # root's database runs as another user, who must get in
        port = free_port()
        began = time.monotonic()
        demo = subprocess.Popen(
            [sys.executable, "run.py", "demo", "--port", str(port), "--data-dir", f"{directory}/data"]
        )
        try:
            wait_until_healthy(demo, f"http://127.0.0.1:{port}/health")
            print(f"/health answered 200 after {time.monotonic() - began:.1f} s", flush=True)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
                if b'<div id="root">' not in page.read():
                    sys.exit("the first page is not the front end")
        finally:
            stop(demo)
        if Path(directory, "data", "cluster", "postmaster.pid").exists():
            sys.exit("the demo left its database server running")


def stop(demo: "subprocess.Popen[bytes]") -> None:
    """Ask it to stop; a demo that does not is killed and named."""
    demo.send_signal(signal.SIGTERM)
    try:
        print(f"stopped with exit code {demo.wait(timeout=SECONDS_TO_STOP)}", flush=True)
    except subprocess.TimeoutExpired:
        demo.kill()
        sys.exit(f"the demo did not stop within {SECONDS_TO_STOP} s")


def wait_until_healthy(demo: "subprocess.Popen[bytes]", address: str) -> None:
    """Return once `address` answers 200; end with a sentence if it never does."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if demo.poll() is not None:
            sys.exit(f"the demo ended with exit code {demo.returncode} before it answered")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"{address} did not answer 200 within {SECONDS_TO_START} s")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    main()
