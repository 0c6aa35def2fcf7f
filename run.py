#!/usr/bin/env python3
"""Start Event Manager from a clone, with Python 3.11+ and pip (or uv) only.

    python3 run.py demo [--port N] [--data-dir DIR] [--reset]     a demo on the embedded database
    python3 run.py test [pytest arguments]                        the tests
    python3 run.py bench [NAME] [--json]                          the benchmarks
    python3 run.py COMMAND ...                                    any other command of event-manager

The first run makes `.venv` from `requirements.lock`; later runs start at once. A killed set-up repairs itself.
"""

# Readable down to Python 3.6 (quoted types, no newer syntax), so that an old one can say that it is too old.
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "event-manager.stamp"
OLDEST_PYTHON = (3, 11)
OLDEST_PIP = (22, 3)  # the first with --python, which spares us ensurepip, absent on plain Debian


class SetupError(Exception):
    """The set-up failed; the text says what, where and how to mend it."""


def main(arguments: "list[str]") -> NoReturn:
    """Set up if needed, then become the asked-for program, whose exit code is ours."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        sys.exit(0 if arguments else 2)
    try:
        check_platform(sys.version_info[:2], os.name)
        if not is_ready():
            set_up()
    except SetupError as problem:
        sys.exit(f"run.py: {problem}")
    except KeyboardInterrupt:
        print("\nrun.py: stopped; the next run carries on.", file=sys.stderr)
        sys.exit(130)
    become(command(arguments))


def become(program: "list[str]") -> NoReturn:
    """Replace this process, so signals and the exit code need no passing on."""
    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")  # npm then trusts what the system trusts
    sys.stdout.flush()
    os.execv(program[0], program)


def command(arguments: "list[str]") -> "list[str]":
    """The program for `arguments`; tests and benchmarks run in the project's directory."""
    name, *rest = arguments
    modules = {"test": "pytest", "bench": "benchmarks"}
    if name not in modules:
        return [str(PYTHON), "-m", "event_manager", name, *rest]
    os.chdir(ROOT)
    return [str(PYTHON), "-m", modules[name], *rest]


def check_platform(version: "tuple[int, int]", system: str) -> None:
    """Refuse a Python or system that cannot work."""
    if version < OLDEST_PYTHON:
        raise SetupError(
            f"this is Python {version[0]}.{version[1]}, but 3.11 or newer is needed. "
            "Run it with a newer one, for example: python3.12 run.py demo"
        )
    if system != "posix":
        raise SetupError("Windows is served through WSL: run this inside it (https://aka.ms/wsl).")


def expected_stamp() -> "list[str]":
    """What a finished set-up was made from: Python, place, lock; the first two cannot change in place."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return [sys.version.split()[0], str(ROOT), digest]


def found_stamp() -> "list[str]":
    """The stamp of the finished set-up, empty if there is none."""
    return STAMP.read_text().splitlines() if STAMP.exists() and PYTHON.exists() else []


def is_ready() -> bool:
    """True when the set-up is finished and fresh."""
    return found_stamp() == expected_stamp()


def set_up() -> None:
    """Make or refresh `.venv`. The stamp goes first and comes last, so a killed set-up is done anew."""
    import fcntl

    try:
        waiting_room = ROOT / ".event-manager"
        waiting_room.mkdir(exist_ok=True)
        with (waiting_room / "setup.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("another run.py is setting up; waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
            if is_ready():
                return
            before, after = found_stamp(), expected_stamp()
            STAMP.unlink(missing_ok=True)
            if before[:2] != after[:2]:
                make_environment()
            install_packages()
            enter_project()
            compile_once()
            STAMP.write_text("\n".join(after))
    except OSError as problem:
        raise failure(str(problem)) from problem


def make_environment() -> None:
    """An empty virtual environment, without pip of its own."""
    import venv

    venv.EnvBuilder(with_pip=False, clear=True, symlinks=True).create(VENV)


def install_packages() -> None:
    """Install exactly the locked packages: with uv where it is at hand and works, else with pip."""
    say("installing the Python packages (once, about half a minute)")
    options = ["--quiet", "--require-hashes", "--only-binary=:all:"]
    uv = shutil.which("uv")
    if uv:
        trust = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}  # the newer name and the older
        fast = [uv, "pip", "sync", "--python", str(PYTHON), "--allow-empty-requirements", *options, str(LOCK)]
        if subprocess.run(fast, env=trust, capture_output=True, check=False).returncode == 0:
            return
        say("uv could not install them; trying pip")
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "install", *options, "-r", str(LOCK)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        check_pip()
        raise failure(done.stdout)


def check_pip() -> None:
    """Refuse a missing or too old pip."""
    found = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True, check=False)
    words = found.stdout.split()
    if found.returncode != 0 or len(words) < 2:
        raise SetupError(
            f"pip is missing from {sys.executable}. Install it (Debian, Ubuntu: apt install python3-pip; "
            "elsewhere: python3 -m ensurepip), or install uv, and run this again."
        )
    version = tuple(int(part) for part in words[1].split(".")[:2])
    if version < OLDEST_PIP:
        raise SetupError(
            f"pip {words[1]} is too old, 22.3 or newer is needed. Mend: {sys.executable} -m pip install --upgrade pip"
        )


def enter_project() -> None:
    """Make the packages of this directory importable, and write the launcher `.venv/bin/event-manager`."""
    site = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (site / "event_manager.pth").write_text(f"{ROOT}\n")
    launcher = VENV / "bin" / "event-manager"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -m event_manager "$@"\n')
    launcher.chmod(0o755)


def compile_once() -> None:
    """Keep the bytecode of all that serving imports: uv leaves that out, and images often forbid it to a start."""
    keep = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        [str(PYTHON), "-c", "import event_manager.server"], cwd=ROOT, env=keep, capture_output=True, check=False
    )


def failure(output: str) -> SetupError:
    """The SetupError that fits what a step wrote."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = " / ".join(lines[-3:])
    if "No space left" in output or "Disk quota exceeded" in output:
        free = shutil.disk_usage(ROOT).free
        return SetupError(f"the disk is full: {free:,} bytes are free at {ROOT}, about 1 GB is needed.")
    if any(sign in output for sign in ("Permission denied", "Read-only file system")):
        return SetupError(f"cannot write here ({last}). Clone the project to a directory of your own.")
    if any(sign in output for sign in NO_NETWORK):
        return SetupError(
            "the package index cannot be reached. Check the network (and the proxy, index or certificate "
            f"settings of pip: python3 -m pip config list), then run this again. pip said: {last}"
        )
    return SetupError(f"installing the packages failed: {last}. Run this again; if it stays, report it.")


NO_NETWORK = (
    "Max retries exceeded",
    "NewConnectionError",
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "Could not fetch URL",
    "SSLError",
    "ConnectTimeout",
    "ReadTimeout",
    "from versions: none",
)


def say(line: str) -> None:
    """Tell the person who waits."""
    print(f"run.py: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
