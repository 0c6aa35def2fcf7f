"""JMESPath with a budget: a step for each node evaluated and for each part of a value that a function looks at.

Projections can double a value with each few characters, without using memory, for the copies are shared; so a value
is measured, within the budget, before anything walks through it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from jmespath.functions import Functions  # type: ignore[import-untyped]
from jmespath.visitor import TreeInterpreter  # type: ignore[import-untyped]

from event_manager.webhooks.transforms.errors import TransformFailed

BUDGET = 20_000
"""Steps for one evaluation, less than 100 ms on slow machines."""

CHARACTERS_A_STEP = 16
TABLE: Mapping[str, Mapping[str, Any]] = Functions.FUNCTION_TABLE
FLAT = frozenset({"length", "keys", "values", "type", "not_null", "to_array", "merge", "map", "reverse"})
"""Functions that look only at the outermost level of what they are given."""

Node = Mapping[str, Any]


class Interpreter(TreeInterpreter):  # type: ignore[misc]  # the library has no annotations
    """One evaluation. `visit` raises TransformFailed once the budget is spent."""

    def __init__(self) -> None:
        super().__init__()
        self._left = BUDGET

    def visit(self, node: Node, *args: Any, **kwargs: Any) -> Any:
        """Evaluate a node of the expression, one step."""
        self.spend(1)
        return super().visit(node, *args, **kwargs)

    def visit_comparator(self, node: Node, value: object) -> bool | None:
        """Compare; what cannot be ordered gives null, as the specification says."""
        left, right = (self.visit(child, value) for child in node["children"])
        self.measure(left)
        self.measure(right)
        compare = self.COMPARATOR_FUNC[node["value"]]
        if node["value"] in self._EQUALITY_OPS or _are_ordered(left, right):
            return bool(compare(left, right))
        return None

    def visit_function_expression(self, node: Node, value: object) -> object:
        """Call a function whose arguments, and then result, are paid for by size."""
        name = node["value"]
        arguments = [self.visit(child, value) for child in node["children"]]
        for argument in arguments:
            if name in FLAT:
                self.spend(_size(argument))
            else:
                self.measure(argument)
        if name == "join" and len(arguments) == 2:
            self.spend(_size(arguments[0]) * _size(arguments[1]))
        result = self._functions.call_function(name, arguments)
        self.spend(_size(result))
        return result

    def visit_flatten(self, node: Node, value: object) -> object:
        """Merge lists, paid for by the length of the result."""
        base = self.visit(node["children"][0], value)
        if not isinstance(base, list):
            return None
        self.spend(sum(len(each) if isinstance(each, list) else 1 for each in base))
        return [part for each in base for part in (each if isinstance(each, list) else [each])]

    def visit_slice(self, node: Node, value: object) -> object:
        """Copy a part of a list, paid for by the length of the whole."""
        self.spend(_size(value))
        return super().visit_slice(node, value)

    def measure(self, value: object) -> None:
        """Pay for every part of a value, shared parts as often as they occur."""
        todo: list[object] = [value]
        while todo:
            part = todo.pop()
            self.spend(1 + _size(part))
            if isinstance(part, list):
                todo.extend(part)
            elif isinstance(part, dict):
                todo.extend(part)
                todo.extend(part.values())

    def spend(self, steps: int) -> None:
        """Take steps from the budget; raises TransformFailed when there are none left."""
        self._left -= steps
        if self._left < 0:
            raise TransformFailed(
                f"The transformation takes more than {BUDGET} steps for this message; "
                "use fewer projections inside each other, or filter the list first."
            )


def arity_fault(name: str, given: int) -> str:
    """What is wrong with a call of a known function with so many arguments; "" if nothing."""
    signature: Sequence[Mapping[str, object]] = TABLE[name]["signature"]
    if signature[-1].get("variadic"):
        return "" if given >= len(signature) else f"{name}() takes at least {len(signature)} argument(s), not {given}."
    return "" if given == len(signature) else f"{name}() takes {len(signature)} argument(s), not {given}."


def _are_ordered(left: object, right: object) -> bool:
    return (isinstance(left, str) and isinstance(right, str)) or (_is_number(left) and _is_number(right))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _size(value: object) -> int:
    """Steps for looking at the outermost level of a value."""
    if isinstance(value, str):
        return len(value) // CHARACTERS_A_STEP
    return len(value) if isinstance(value, list | dict) else 0
