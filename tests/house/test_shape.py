"""Sizes that keep the house liveable, and rooms that write their own tables only."""

import ast
import re
from pathlib import Path
from statistics import median

import pytest

from event_manager.kit import census
from event_manager.kit.db import Base
from event_manager.migrations.tables import load

load()
PACKAGE = Path(__file__).parents[2] / "event_manager"
FILES = sorted(p for p in PACKAGE.rglob("*.py") if "web_dist" not in p.parts)
WRITE = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)", re.IGNORECASE)
OWNER = {name: entry.room for name, entry in census.entries(Base.metadata).items()}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_file_is_longer_than_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_files_are_short_in_the_main() -> None:
    lengths = sorted(len(p.read_text(encoding="utf-8").splitlines()) for p in FILES)

    assert median(lengths) < 100
    assert lengths[int(len(lengths) * 0.9)] < 300


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_function_is_longer_than_60_lines(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > 60
    ]

    assert [entry for entry in long if "migrations" not in str(path)] == []


@pytest.mark.parametrize("path", [p for p in FILES if "migrations" not in p.parts], ids=name_of)
def test_a_room_writes_its_own_tables_only(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0]
    strings = [n.value for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant)]
    written = {table.lower() for text in strings if isinstance(text, str) for table in WRITE.findall(text)}
    foreign = {table: OWNER[table] for table in written if table in OWNER and OWNER[table] != room}

    assert foreign == {}
