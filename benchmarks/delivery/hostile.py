"""Filters and transformations that were written to take long: the CPU of the longest, from its text to its end."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from benchmarks.figures import Figure, figure
from event_manager.webhooks.filters import compile_filter
from event_manager.webhooks.transforms.errors import ExpressionRefused, TransformFailed
from event_manager.webhooks.transforms.expression import compile_expression

Attempt = Callable[[], object]
DOUBLED = "[@, @]" + " | [@, @]" * 20
NUMBERS: list[Any] = list(range(9000))
EVENT: dict[str, Any] = {"data": {"text": "x" * 60_000, "numbers": NUMBERS, "items": [{"n": n} for n in range(4000)]}}
EXPRESSIONS = [
    DOUBLED,
    "[@, @][]" + " | [@, @][]" * 20,
    "[[@, @], [@, @]][]" + "[[@, @], [@, @]][]" * 20,
    f"to_string({DOUBLED})",
    f"({DOUBLED}) == ({DOUBLED})",
    f"contains([{DOUBLED}], {DOUBLED})",
    "@ | " + " | ".join(["join('', [to_string(@), to_string(@)])"] * 20),
    "@" + " | map(&[@, @, @, @], [@, @, @, @])" * 6,
    "[@,@,@,@,@,@,@][]" + "|[@,@,@,@,@,@,@][]" * 3 + "|sort([][])",
    "data.items[*].{a: n, b: @}[].[a, b][].{a: @, b: @}",
    "sort_by(data.items, &n) | [*].n | sort(@) | reverse(@) | sort(@)",
    "data.numbers[?contains(`" + str(list(range(800))).replace(" ", "") + "`, @)]",
    "join(data.text, data.items[*].to_string(@))",
    "data.items[?to_string(@) == to_string(@)]",
    "map(&to_string(@), data.numbers) | [*].[@, @][] | sort(@)",
]
FILTERS: list[dict[str, Any]] = [
    {"data": {"$or": [{"text": {"$contains": "x" * 200 + f"y{n}"}} for n in range(30)]}},
    {"data": {"$or": [{"numbers": {"$contains": 9000 + n}} for n in range(30)]}},
    {"data": {"$or": [{"numbers": [str(9000 + n * 40 + m) for m in range(40)]} for n in range(30)]}},
    {"data": {"numbers": {"$in": list(range(9000, 11000))}}},
    {"data": {"$or": [{"text": {"$gt": f"{n}." + "9" * 38}} for n in range(30)]}},
    {"data": {"text": {"$in": ["x" * 7000, "x" * 8000]}}},
]


def run() -> list[Figure]:
    """The longest of each kind, at its best of three runs: other processes cost time too."""
    transforms: list[Attempt] = [partial(_transform, text) for text in EXPRESSIONS]
    filters: list[Attempt] = [partial(_filter, given) for given in FILTERS]
    return [
        figure("hostile transformation, the longest: CPU until it stops", _longest(transforms), "ms", most=100),
        figure("hostile filter, the longest: CPU until it answers", _longest(filters), "ms", most=100),
    ]


def _transform(text: str) -> object:
    return compile_expression(text).apply(EVENT)


def _filter(given: dict[str, Any]) -> object:
    return compile_filter(given)(EVENT)


def _longest(attempts: list[Attempt]) -> float:
    return max(min(_milliseconds(attempt) for _ in range(3)) for attempt in attempts)


def _milliseconds(attempt: Attempt) -> float:
    began = time.thread_time()
    with suppress(ExpressionRefused, TransformFailed):
        attempt()
    return (time.thread_time() - began) * 1000
