"""Reading marks: their number, range and step. Each distinct text of a criterion is read once."""

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from math import lcm

from event_manager.tabulation.exact import parse_decimal, text_of
from event_manager.tabulation.model import ABSENT, RECUSED
from event_manager.tabulation.rules import MarkRule

NOT_GIVEN, SAID_ABSENT, SAID_RECUSED = "", ABSENT, RECUSED
"""What a mark can be other than a number."""


def common_denominator(texts: Iterable[str]) -> int:
    """The number that makes all these marks whole; text that is no number is left for the reader to refuse."""
    denominators = {1}
    for text in texts:
        with suppress(ValueError):
            denominators.add(parse_decimal(text).denominator)
    return lcm(*denominators)


class MarkReader(dict[str | None, int | str | None]):
    """Text of a mark -> its numerator over `denom`, or one of the words above; None -> None.

    `refused` tells which texts are no mark under the rule, and why; they read as not given. `has_words`:
    some texts are no numbers.
    """

    def __init__(self, rule: MarkRule, denom: int, texts: Iterable[str]) -> None:
        super().__init__({None: None})
        self.refused: dict[str, str] = {}
        for text in texts:
            try:
                self[text] = _read(text, rule, denom)
            except ValueError as error:
                self[text] = NOT_GIVEN
                self.refused[text] = str(error)
        self.has_words = any(isinstance(value, str) for value in self.values())


def _read(text: str, rule: MarkRule, denom: int) -> int | str:
    word = text.casefold()
    if word in (NOT_GIVEN, SAID_ABSENT, SAID_RECUSED):
        return word
    value = parse_decimal(text)
    if value == 0 and rule.zero == "absent":
        return SAID_ABSENT
    _check_limits(text, value, rule)
    return int(value * denom)


def _check_limits(text: str, value: Fraction, rule: MarkRule) -> None:
    low, high, step = rule.min, rule.max, rule.step
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueError(f"mark {text} is out of range ({_range(low, high)})")
    if step and (value - (low or 0)) % step:
        raise ValueError(f"mark {text} is off step: marks go in steps of {text_of(step)}")
    if rule.kind == "rank" and (value < 1 or (value.denominator != 1 and not step)):
        raise ValueError(f"mark {text} is no place; places are 1, 2, 3 and so on")
    if rule.kind == "recall" and value not in (0, 1):
        raise ValueError(f"mark {text} is no recall; write 1 for recalled and 0 for not")


def _range(low: Fraction | None, high: Fraction | None) -> str:
    if high is None:
        return f"at least {text_of(low or 0)}"
    return f"at most {text_of(high)}" if low is None else f"{text_of(low)} to {text_of(high)}"
