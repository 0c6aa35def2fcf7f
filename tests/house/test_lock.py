"""The locks: complete, hashed, in step with what the project asks for, and free of anyone's host names."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
NPM = ("web", "tests/webhooks/node")


def locked() -> dict[str, tuple[str, int]]:
    """Version and number of hashes of each package in requirements.lock."""
    text = (ROOT / "requirements.lock").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    found: dict[str, tuple[str, int]] = {}
    for line in lines:
        requirement = Requirement(line.split("--hash")[0].strip())
        (pin,) = requirement.specifier
        assert pin.operator == "==", f"{requirement.name} is not pinned"
        found[canonicalize_name(requirement.name)] = (pin.version, line.count("--hash=sha256:"))
    return found


def asked_for() -> list[Requirement]:
    """What pyproject.toml names: dependencies, all groups and all extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [*project["dependency-groups"].values(), *project["project"]["optional-dependencies"].values()]
    return [Requirement(text) for texts in [project["project"]["dependencies"], *groups] for text in texts]


@pytest.mark.parametrize("requirement", asked_for(), ids=lambda requirement: requirement.name)
def test_the_lock_holds_what_the_project_asks_for(requirement: Requirement) -> None:
    version, _hashes = locked()[canonicalize_name(requirement.name)]

    assert requirement.specifier.contains(version, prereleases=True)


def test_every_locked_package_has_a_hash() -> None:
    assert [name for name, (_version, hashes) in locked().items() if hashes == 0] == []


@pytest.mark.parametrize(
    "name", ["requirements.lock", *(f"{folder}/{file}" for folder in NPM for file in ("package-lock.json", ".npmrc"))]
)
def test_locks_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    if name.endswith(".json"):
        # Links to funding pages belong to the packages; where packages come from must not be fixed.
        packages = json.loads(text)["packages"].values()
        text = "\n".join(str(package.get("resolved", "")) for package in packages)

    assert re.findall(r"https?://\S+|--index-url.*|--find-links.*|^registry.*", text, re.MULTILINE) == []


@pytest.mark.parametrize("folder", NPM)
def test_npm_finds_every_package_it_needs_in_the_lock(folder: str) -> None:
    """npm leaves out of the lock what its registry lacks, then `npm ci` refuses the lock: seen with oxlint."""
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    names = {path.rpartition("node_modules/")[2] for path in packages}
    missing = [
        f"{path} needs {name}"
        for path, package in packages.items()
        for kind in ("dependencies", "optionalDependencies")
        for name in package.get(kind, {})
        if name not in names
    ]

    assert missing == []
