"""Which messages an endpoint wants: patterns of type names, and patterns of their content compiled to closures.

A content pattern is JSON shaped like the message (`formats.document`):

    {"data": {"state": ["open", "closed"], "places": {"$gte": 3}}, "$not": {"actor": {"kind": "system"}}}

A plain value asks for equality, an array for any of its alternatives, an object for all of its members. Operators:
$eq $ne $gt $gte $lt $lte $in $nin $exists $prefix $suffix $contains, and $and $or $not around patterns. Ordering
compares numbers with numbers, texts with texts, and a number with a text that is a decimal, as marks are written.
`$contains` looks for a part of a text or an element of an array. What is absent is equal to nothing. There are no
loops and no regular expressions: the cost is at most one step for each condition.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from itertools import repeat

Matcher = Callable[[object], bool]

MAX_DEPTH = 8
MAX_NODES = 100
MAX_TEXT = 16 * 1024
MAX_DECIMAL = 40
"""Characters of a text that is compared as a number."""

_ABSENT = object()
_SCALARS = (str, int, float, bool, type(None))


class PatternRefused(ValueError):
    """A filter cannot be used; `pointer` (JSON pointer into it) says where, the message what and how to mend it."""

    def __init__(self, pointer: str, detail: str) -> None:
        self.pointer = pointer
        self.detail = detail
        super().__init__(f"{pointer or 'The filter'}: {detail}")


def compile_types(patterns: Sequence[str], known: Sequence[str]) -> Callable[[str], bool]:
    """Whether a type is wanted. Patterns: a name of `known`, `area.*` or `*`; raises PatternRefused."""
    if not patterns:
        raise PatternRefused("", "Name at least one type, such as score.submitted, score.* or *.")
    for index, pattern in enumerate(patterns):
        _check_type(pattern, known, f"/{index}")
    if "*" in patterns:
        return lambda _name: True
    exact = frozenset(pattern for pattern in patterns if not pattern.endswith(".*"))
    areas = tuple(pattern[:-1] for pattern in patterns if pattern.endswith(".*"))
    return lambda name: name in exact or name.startswith(areas)


def compile_filter(pattern: object) -> Matcher:
    """The test for `pattern`, a JSON value as parsed; raises PatternRefused."""
    if not isinstance(pattern, dict):
        raise PatternRefused("", 'A filter is an object, such as {"data": {"state": "open"}}.')
    return _Compiler().pattern(pattern, "", 1)


def _check_type(pattern: str, known: Sequence[str], pointer: str) -> None:
    area = pattern.removesuffix("*")
    if pattern in known or pattern == "*" or (area.endswith(".") and any(name.startswith(area) for name in known)):
        return
    if "*" in pattern and not pattern.endswith(".*"):
        raise PatternRefused(pointer, f"'{pattern}' is no pattern; a * stands alone or at the end, as in score.*")
    areas = {f"{name.partition('.')[0]}.*" for name in known}
    raise PatternRefused(pointer, f"There is no event type '{pattern}'.{_nearest(pattern, [*known, *sorted(areas)])}")


def _nearest(given: str, known: Sequence[str]) -> str:
    found = get_close_matches(given[:100], known, n=1, cutoff=0.5)
    return f" Did you mean '{found[0]}'?" if found else ""


class _Compiler:
    """One compilation; counts against the limits."""

    def __init__(self) -> None:
        self.nodes = 0
        self.text = 0

    def pattern(self, value: object, pointer: str, depth: int) -> Matcher:
        """The test of any JSON value that stands where a pattern may."""
        self._count(pointer, depth)
        if isinstance(value, dict):
            return self._object(value, pointer, depth)
        if isinstance(value, list):
            return self._alternatives(value, pointer, depth)
        return _equals(self._scalar(value, pointer))

    def _object(self, value: dict[str, object], pointer: str, depth: int) -> Matcher:
        if not value:
            raise PatternRefused(pointer, 'An empty object asks for nothing; for presence use {"$exists": true}.')
        tests = [self._member(key, wanted, f"{pointer}/{_escape(key)}", depth) for key, wanted in value.items()]
        return _all(tests)

    def _member(self, key: str, wanted: object, pointer: str, depth: int) -> Matcher:
        self._measure(key, pointer)
        if key.startswith("$"):
            return self._operator(key, wanted, pointer, depth)
        return _field(key, self.pattern(wanted, pointer, depth + 1))

    def _operator(self, name: str, wanted: object, pointer: str, depth: int) -> Matcher:
        self._count(pointer, depth)
        match name:
            case "$and" | "$or":
                if not isinstance(wanted, list) or not wanted:
                    raise PatternRefused(pointer, f"{name} takes a list of one or more patterns.")
                tests = [self.pattern(each, f"{pointer}/{at}", depth + 1) for at, each in enumerate(wanted)]
                return _all(tests) if name == "$and" else _any(tests)
            case "$not":
                return _not(self.pattern(wanted, pointer, depth + 1))
            case "$in":
                return _one_of(self._scalars(name, wanted, pointer))
            case "$nin":
                return _not(_one_of(self._scalars(name, wanted, pointer)))
            case "$exists":
                if not isinstance(wanted, bool):
                    raise PatternRefused(pointer, "$exists takes true or false.")
                return lambda value: (value is not _ABSENT) is wanted
            case "$prefix" | "$suffix":
                if not isinstance(wanted, str):
                    raise PatternRefused(pointer, f"{name} takes a text.")
                return _affix(name, str(self._scalar(wanted, pointer)))
        return self._comparison(name, self._known(name, wanted, pointer), pointer)

    def _known(self, name: str, wanted: object, pointer: str) -> object:
        if name not in OPERATORS:
            raise PatternRefused(pointer, f"There is no operator '{name[:50]}'.{_nearest(name, OPERATORS)}")
        if not isinstance(wanted, _SCALARS):
            raise PatternRefused(pointer, f"{name} takes a text, a number, true, false or null.")
        return self._scalar(wanted, pointer)

    def _comparison(self, name: str, wanted: object, pointer: str) -> Matcher:
        match name:
            case "$eq":
                return _equals(wanted)
            case "$ne":
                return _not(_equals(wanted))
            case "$contains":
                return _contains(wanted)
        if isinstance(wanted, bool) or not isinstance(wanted, str | int | float):
            raise PatternRefused(pointer, f"{name} takes a number or a text.")
        return _ordered(name, wanted)

    def _alternatives(self, value: list[object], pointer: str, depth: int) -> Matcher:
        if not value:
            raise PatternRefused(pointer, "An empty list allows nothing; give at least one alternative.")
        if all(isinstance(each, _SCALARS) for each in value):
            return _one_of(self._scalars("A list", value, pointer))
        return _any([self.pattern(each, f"{pointer}/{at}", depth + 1) for at, each in enumerate(value)])

    def _scalars(self, name: str, value: object, pointer: str) -> list[object]:
        if not isinstance(value, list) or not all(isinstance(each, _SCALARS) for each in value):
            raise PatternRefused(pointer, f"{name} takes a list of texts, numbers, true, false or null.")
        return [self._scalar(each, pointer) for each in value]

    def _scalar(self, value: object, pointer: str) -> object:
        if isinstance(value, float) and value - value != 0:
            raise PatternRefused(pointer, "Infinity and NaN are no JSON numbers.")
        self._measure(value, pointer)
        return value

    def _measure(self, value: object, pointer: str) -> None:
        self.text += len(value) if isinstance(value, str) else 8
        if self.text > MAX_TEXT:
            raise PatternRefused(pointer, f"The filter holds more than {MAX_TEXT} characters of names and values.")

    def _count(self, pointer: str, depth: int) -> None:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise PatternRefused(pointer, f"The filter is nested more than {MAX_DEPTH} deep; make it flatter.")
        if self.nodes > MAX_NODES:
            raise PatternRefused(pointer, f"The filter holds more than {MAX_NODES} conditions; $in takes any number.")


ORDER: Mapping[str, Callable[..., bool]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}
OPERATORS = ("$eq", "$ne", *ORDER, "$in", "$nin", "$exists", "$prefix", "$suffix", "$contains", "$and", "$or", "$not")


def _escape(key: str) -> str:
    return key[:50].replace("~", "~0").replace("/", "~1")


def _field(key: str, test: Matcher) -> Matcher:
    def match(value: object) -> bool:
        return test(value.get(key, _ABSENT) if type(value) is dict else _ABSENT)

    return match


def _all(tests: Sequence[Matcher]) -> Matcher:
    if len(tests) == 1:
        return tests[0]

    def match(value: object) -> bool:
        for test in tests:  # noqa: SIM110 - a generator doubles the cost of an evaluation
            if not test(value):
                return False
        return True

    return match


def _any(tests: Sequence[Matcher]) -> Matcher:
    def match(value: object) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if test(value):
                return True
        return False

    return match


def _not(test: Matcher) -> Matcher:
    return lambda value: not test(value)


def _equals(wanted: object) -> Matcher:
    if isinstance(wanted, bool) or wanted is None:
        return lambda value: value is wanted
    if isinstance(wanted, str):
        return lambda value: value == wanted
    # In Python 1 == True; in JSON they differ.
    return lambda value: value == wanted and value is not True and value is not False


def _one_of(wanted: Sequence[object]) -> Matcher:
    texts = frozenset(each for each in wanted if isinstance(each, str))
    others = frozenset((isinstance(each, bool), each) for each in wanted if not isinstance(each, str))

    def match(value: object) -> bool:
        if type(value) is str:
            return value in texts
        return type(value) not in (dict, list) and (type(value) is bool, value) in others

    return match


def _ordered(name: str, wanted: str | float) -> Matcher:
    compare = ORDER[name]
    if isinstance(wanted, str):
        return lambda value: type(value) is str and compare(value, wanted)
    exact = Decimal(str(wanted))

    def match(value: object) -> bool:
        if type(value) is int or type(value) is float:
            return compare(value, wanted)
        number = _decimal(value) if type(value) is str else None
        return number is not None and compare(number, exact)

    return match


def _decimal(text: str) -> Decimal | None:
    if len(text) > MAX_DECIMAL:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _affix(name: str, wanted: str) -> Matcher:
    if name == "$prefix":
        return lambda value: type(value) is str and value.startswith(wanted)
    return lambda value: type(value) is str and value.endswith(wanted)


def _contains(wanted: object) -> Matcher:
    held = _held(wanted)

    def match(value: object) -> bool:
        if type(value) is str:
            return isinstance(wanted, str) and wanted in value
        return isinstance(value, list) and held(value)

    return match


def _held(wanted: object) -> Callable[[list[object]], bool]:
    """Whether a list holds an element, without a loop of ours: to Python's `in`, 1 and true are the same."""
    if isinstance(wanted, bool):
        return lambda items: any(map(operator.is_, items, repeat(wanted)))
    if wanted in (0, 1):
        return lambda items: items.count(wanted) > sum(map(operator.is_, items, repeat(wanted == 1)))
    return lambda items: wanted in items
