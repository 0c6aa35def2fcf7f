"""SQL functions live in files of their own, so that they can be read and reviewed as SQL."""

from pathlib import Path


def read(name: str) -> str:
    """The text of ``sql/NAME`` (percent signs kept: it is run without parameters)."""
    return (Path(__file__).parent / "sql" / name).read_text(encoding="utf-8")
