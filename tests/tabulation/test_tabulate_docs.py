"""Every example in the guide to tabulating is run: files are written as shown, commands answer as shown.

After a change of wording on purpose, `python -m tests.tabulation.test_tabulate_docs` writes the answers anew; read the
difference before committing it.
"""

import contextlib
import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from event_manager.cli import app
from event_manager.tabulation.files.columns import SYNONYMS
from event_manager.tabulation.library import rule_set_names
from event_manager.tabulation.model import FACTS

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "tabulate.md"
EXAMPLES = ROOT / "examples"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def answers(text: str) -> Iterator[tuple[str, str, str]]:
    """Command, answer shown and answer given, for every command of a document; run in the current directory.

    A block such as ```` ```csv marks.csv ```` is written to that file; ```` ```console ```` holds commands after
    `$ ` with their answers. A line `...` in an answer stands for lines left out.
    """
    for kind, name, content in BLOCK.findall(text):
        if name:
            Path(name).write_text(content, encoding="utf-8")
        if kind == "console":
            for piece in content.split("$ ")[1:]:
                command, _, shown = piece.partition("\n")
                yield command, shown, answer(command)


def answer(command: str) -> str:
    words, _, file = command.partition(" > ")
    result = CliRunner().invoke(app, shlex.split(words)[1:], catch_exceptions=False)
    if file:
        Path(file).write_text(result.stdout, encoding="utf-8")
        return result.stderr
    return result.output


def refresh(page: Path, folder: Path) -> None:
    """Writes the answers given now into the page; an answer shown up to `...` keeps its number of lines."""
    text = page.read_text(encoding="utf-8")
    with contextlib.chdir(folder):
        for command, shown, given in answers(text):
            head, elided, _ = shown.partition("...\n")
            lines = given.splitlines(keepends=True)
            new = "".join(lines[: head.count("\n")]) + elided if elided else given
            text = text.replace(f"$ {command}\n{shown}", f"$ {command}\n{new}", 1)
    page.write_text(text, encoding="utf-8")


def assert_shown(command: str, shown: str, given: str) -> None:
    pattern = r".*?".join(re.escape(piece) for piece in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE))
    if not re.fullmatch(pattern, given, re.DOTALL):
        assert given == shown, command


def test_the_guide_shows_what_the_program_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = 0
    for command, shown, given in answers(GUIDE.read_text(encoding="utf-8")):
        assert_shown(command, shown, given)
        commands += 1
    assert commands > 10


def test_the_examples_answer_as_their_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for command, shown, given in answers((EXAMPLES / "README.md").read_text(encoding="utf-8")):
        assert_shown(command, shown, given)


def test_every_example_file_is_used_on_their_page() -> None:
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")

    assert [file.name for file in EXAMPLES.iterdir() if file.name not in page and file.name != "README.md"] == []


def test_the_guide_names_every_column_synonym_fact_and_rule_set() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    synonyms = [word for words in SYNONYMS.values() for word in words]

    assert [word for word in (*SYNONYMS, *synonyms, *FACTS, *rule_set_names()) if f"`{word}`" not in guide] == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        refresh(GUIDE, Path(scratch))
    refresh(EXAMPLES / "README.md", ROOT)
