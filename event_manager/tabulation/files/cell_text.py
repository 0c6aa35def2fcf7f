"""What a cell says: a name or an exact number; or the reason why taking it for one would be guessing."""

import re
import unicodedata
from functools import lru_cache
from sys import intern

from event_manager.tabulation.files.sheet import Cell, Unreadable

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_MOST_DIGITS = 30
_JOINERS = dict.fromkeys((0x200C, 0x200D))  # invisible, but part of names in several scripts

# The first that fits the whole text names the mistake.
_MISTAKES = tuple(
    (re.compile(pattern, re.IGNORECASE), advice)
    for pattern, advice in (
        (r"[+-]?\d{1,3}(,\d{3})+\.\d+", "has thousands separators; if {bare} is meant, write that"),
        (r"[+-]?\d{1,3}([.' ’]\d{3})+,\d+", "has thousands separators and a decimal comma; write {example}"),
        (r"[+-]?\d{1,3}(,\d{3}){2,}", "has thousands separators; if {bare} is meant, write that"),
        (
            r"[+-]?[1-9]\d{0,2},\d{3}",
            "has a comma; write {point} or {bare}, whichever is meant",
        ),
        (r"[+-]?\d+,\d+", "has a decimal comma; if {point} is meant, write that"),
        (r"[+-]?\d{1,3}([ '’.]\d{3})+(\.\d+)?", "has thousands separators; write {example}"),
        (r"[+-]?(\d+\.?\d*|\.\d+)e[+-]?\d+", "has an exponent; write the number out"),
        (r"[+-]?(nan|inf|infinity|∞)", "is not a finite number"),
        (r"[+-]?[.,]\d+", "has no digit before the point; if {zero} is meant, write that"),
        (r"[+-]?\d+[.,]", "ends without the digits after its point"),
        (r"[−–—]\d.*", "has a dash instead of a minus sign; write it with -"),
        (r"[+-]?\d+([.,]\d+)?\s*\D.*", "has something after the number; write the number alone"),
    )
)


@lru_cache(maxsize=65_536)  # names repeat in every line
def read_name(cell: Cell) -> str | Unreadable:
    """The name of an entry, judge or unit in composed Unicode, so that two spellings of é are one; or why not."""
    if isinstance(cell, Unreadable):
        return cell
    name = unicodedata.normalize("NFC", cell)
    if not name.translate(_JOINERS).isprintable():
        odd = next(c for c in name if not c.isprintable())
        return Unreadable(f"the name holds the invisible character U+{ord(odd):04X}; type it again")
    return intern(name)  # one object per name: the engine looks names up by the hundred thousand


def read_number(cell: Cell) -> str | Unreadable:
    """The text of an exact number: digits 0-9, at most one point with digits on both sides, a leading + or -.

    Otherwise why not, as in `1,25 has a decimal comma; if 1.25 is meant, write that`.
    """
    if isinstance(cell, Unreadable):
        return cell
    if _NUMBER.fullmatch(cell):
        too_long = len(cell) > _MOST_DIGITS
        return Unreadable(f"{cell[:12]}... has more than {_MOST_DIGITS} digits") if too_long else intern(cell)
    return Unreadable(_mistake(cell))


def _mistake(text: str) -> str:
    if any(c.isdigit() and not c.isascii() for c in text):
        return f"{text} is written with other digits than 0 to 9"
    for pattern, advice in _MISTAKES:
        if pattern.fullmatch(text):
            return f"{text} {_fill_in(advice, text)}"
    return f"“{text}” is not a number"


def _fill_in(advice: str, text: str) -> str:
    bare = text.replace(",", "")
    sign, digits = ("-" if text.startswith("-") else ""), text.lstrip("+-.,")
    return advice.format(bare=bare, point=text.replace(",", "."), zero=f"{sign}0.{digits}", example="1234.5")
