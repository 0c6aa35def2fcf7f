"""A mark as written, turned into an exact decimal number; or the reason why that would be guessing."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_MOST_DIGITS = 30

# The first that fits the whole text names the mistake.
_MISTAKES = tuple(
    (re.compile(pattern, re.IGNORECASE), advice)
    for pattern, advice in (
        (r"[+-]?\d{1,3}(,\d{3})+\.\d+", "has thousands separators; if {bare} is meant, write that"),
        (r"[+-]?\d{1,3}([.' ’]\d{3})+,\d+", "has thousands separators and a decimal comma; write {example}"),
        (r"[+-]?\d{1,3}(,\d{3}){2,}", "has thousands separators; if {bare} is meant, write that"),
        (
            r"[+-]?[1-9]\d{0,2},\d{3}",
            "has a comma; if {point} is meant, write that, if {bare} is meant, that",
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


def read_number(text: str) -> Decimal | str:
    """The exact number, or a sentence part such as `1,25 has a decimal comma; if 1.25 is meant, ...`.

    Accepted: digits 0-9, at most one point with digits on both sides, a leading + or -.
    """
    if _NUMBER.fullmatch(text):
        too_long = len(text) > _MOST_DIGITS
        return f"{text[:12]}... has more than {_MOST_DIGITS} digits" if too_long else Decimal(text)
    if any(c.isdigit() and not c.isascii() for c in text):
        return f"{text} is written with other digits than 0 to 9"
    for pattern, advice in _MISTAKES:
        if pattern.fullmatch(text):
            return f"{text} {_fill_in(advice, text)}"
    return f'"{text}" is not a number'


def _fill_in(advice: str, text: str) -> str:
    bare = text.replace(",", "")
    return advice.format(
        bare=bare, point=text.replace(",", "."), zero=f"0.{bare.lstrip('+-.')}", example="1234.5"
    )
