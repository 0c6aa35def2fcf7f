"""Plain text tables and paragraphs for a terminal of 80 columns, in any script."""

import unicodedata
from collections.abc import Sequence

LINE_WIDTH = 80
_GAP = "  "


def display_width(text: str) -> int:
    """Columns a text takes on a terminal: two for wide East Asian characters, none for combining ones."""
    return sum(_character_width(c) for c in text)


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most that width, broken at blanks, inside a word only where it is too long itself."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if display_width(joined) <= width:
            lines[-1] = joined
            continue
        *full, rest = _chop(word, width)
        lines += [*full, rest]
    return lines if lines[0] or len(lines) == 1 else lines[1:]


def _chop(word: str, width: int) -> list[str]:
    pieces = [""]
    for character in word:
        if display_width(pieces[-1] + character) > max(width, 2):
            pieces.append("")
        pieces[-1] += character
    return pieces


def indented(text: str, indent: str, width: int = LINE_WIDTH) -> list[str]:
    """A paragraph, every line of it after the indent."""
    return [indent + line for line in wrap(text, width - len(indent))]


def format_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, right: frozenset[str], width: int = LINE_WIDTH
) -> list[str]:
    """Lines of a table; the columns named in `right` are set right. The widest cells wrap where it gets too wide."""
    columns = [[name, *(row[i] for row in rows)] for i, name in enumerate(header)]
    widths = _fit([max(map(display_width, column)) for column in columns], width - len(_GAP) * (len(header) - 1))
    lines = _table_row(header, widths, header, right)
    lines.append(_GAP.join("─" * w for w in widths))
    for row in rows:
        lines += _table_row(row, widths, header, right)
    return lines


def _fit(widths: list[int], available: int) -> list[int]:
    """The widths, the widest of them narrowed until all fit (each keeps at least eight)."""
    while sum(widths) > available and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths


def _table_row(cells: Sequence[str], widths: Sequence[int], header: Sequence[str], right: frozenset[str]) -> list[str]:
    wrapped = [wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for i in range(max(map(len, wrapped))):
        texts = [lines_of[i] if i < len(lines_of) else "" for lines_of in wrapped]
        padded = [
            _pad(text, width, to_right=name in right) for text, width, name in zip(texts, widths, header, strict=True)
        ]
        lines.append(_GAP.join(padded).rstrip())
    return lines


def _pad(text: str, width: int, *, to_right: bool) -> str:
    blanks = " " * max(0, width - display_width(text))
    return blanks + text if to_right else text + blanks
