"""What exists is documented, what is documented exists: settings, commands, pages, links, addresses, packages."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main
from packaging.requirements import Requirement
from typer.core import TyperGroup

import run
from event_manager.app import describe
from event_manager.cli import app
from event_manager.config import Settings
from tests.house import settings_page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "examples" / "README.md"])
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
ADDRESS = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE) (/(?:api|health|ready|metrics)[\w{}/.-]*)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def links(page: Path) -> list[str]:
    """The targets that a page links to within the repository; code blocks hold none."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = [first or second for first, second in LINK.findall(text)]
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    titles = re.findall(r"^#+ +(.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def commands(group: TyperGroup, prefix: str = "event-manager") -> Iterator[str]:
    """Every command line of the product, sub-commands with their group."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


def all_commands() -> list[str]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return list(commands(group))


@cache
def paths() -> dict[str, Any]:
    """The addresses of the API with their operations, the demo's included."""
    found: dict[str, Any] = describe(Settings(demo=True))["paths"]
    return found


def tags() -> list[str]:
    operations = [operation for methods in paths().values() for operation in methods.values()]
    return sorted({tag for operation in operations if isinstance(operation, dict) for tag in operation.get("tags", [])})


def test_the_settings_page_is_what_the_settings_are() -> None:
    assert settings_page.PAGE.read_text(encoding="utf-8") == settings_page.render()


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_says_what_it_does(field: str) -> None:
    assert Settings.model_fields[field].description


@pytest.mark.parametrize("command", all_commands())
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"`{command}" in (DOCS / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name_of(page)} links to {link}, which is not there"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{name_of(page)} links to {link}: no such heading"


@pytest.mark.parametrize("page", [page for page in DOCS.rglob("*.md") if page != INDEX], ids=name_of)
def test_every_page_is_linked_from_the_index(page: Path) -> None:
    assert str(page.relative_to(DOCS)) in links(INDEX)


@pytest.mark.parametrize("image", sorted((DOCS / "images").iterdir()), ids=lambda image: image.name)
def test_every_image_is_small_and_shown_somewhere(image: Path) -> None:
    assert image.stat().st_size < 200_000
    assert any(image.name in target for page in PAGES for target in links(page))


@pytest.mark.parametrize("tag", tags())
def test_the_api_guide_names_every_group_of_operations(tag: str) -> None:
    assert f"`{tag}`" in (DOCS / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_addresses_in_the_docs_exist(page: Path) -> None:
    known = {shape(path) for path in paths()} | {"/api/docs", "/api/openapi.json"}
    for address in ADDRESS.findall(page.read_text(encoding="utf-8")):
        assert shape(address) in known, f"{name_of(page)} names {address}, which is no address of the API"


def shape(address: str) -> str:
    """An address with its parameters' names taken out."""
    return re.sub(r"\{\w+\}", "{}", address.rstrip("/."))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_named_in_the_docs_exist(page: Path) -> None:
    named = re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|sql|mjs|ts|tsx))`", page.read_text(encoding="utf-8"))

    assert [name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in sources())] == []


@cache
def sources() -> list[str]:
    """Every source file, from the root of the repository."""
    folders = ["event_manager", "tests", "benchmarks", "web/src", "web/scripts"]
    return [str(file.relative_to(ROOT)) for folder in folders for file in (ROOT / folder).rglob("*.*")]


def test_the_two_commands_of_the_readme_are_what_run_py_offers() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert re.findall(r"^python3 run\.py (\w+)", readme, re.MULTILINE) == ["demo", "test"]
    assert {"demo", "test"} <= set(re.findall(r"python3 run\.py (\w+)", run.__doc__ or ""))
    assert "event-manager demo" in all_commands()
    assert run.command(["demo"])[1:] == ["-m", "event_manager", "demo"]


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_a_decision_says_why_what_and_what_follows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert [f"**{part}.**" in text for part in ("Context", "Decision", "Consequences")] == [True] * 3


def dependencies() -> list[str]:
    """The packages that the project asks for by name, for running and for testing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return [Requirement(text).name for text in asked]


@pytest.mark.parametrize("package", dependencies())
def test_every_dependency_has_its_decision(package: str) -> None:
    assert any(f"`{package}`" in page.read_text(encoding="utf-8") for page in DECISIONS)
