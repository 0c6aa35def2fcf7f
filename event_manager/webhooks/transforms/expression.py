"""A tenant's transformation: a JMESPath expression over the message, checked when saved and bounded when run."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import jmespath  # type: ignore[import-untyped]
import orjson
from jmespath.exceptions import (  # type: ignore[import-untyped]
    IncompleteExpressionError,
    JMESPathError,
    JMESPathTypeError,
    LexerError,
    ParseError,
)

from event_manager.webhooks.formats import LIMIT
from event_manager.webhooks.transforms.errors import ExpressionRefused, TransformFailed
from event_manager.webhooks.transforms.interpreter import TABLE, Interpreter, arity_fault

MAX_LENGTH = 4096
MAX_NESTING = 150
"""Characters that may make the parser go deeper; it must stay far from Python's limit of recursion."""
MAX_DEPTH = 50
DEEPENING = frozenset("[{(*!&")


class Transform:
    """A checked expression; made by `compile_expression`."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self._tree = tree

    def apply(self, document: object) -> bytes:
        """The JSON body for a message (`formats.document`), at most `LIMIT` bytes; raises TransformFailed."""
        interpreter = Interpreter()
        try:
            result = interpreter.visit(self._tree, document)
            interpreter.measure(result)
            body = orjson.dumps(result)
        except TransformFailed:
            raise
        except JMESPathTypeError as fault:
            # The library's own message would print the value, which can be endless.
            wanted = ", ".join(fault.expected_types)
            raise TransformFailed(f"{fault.function_name}() takes {wanted}, and got {fault.actual_type}.") from None
        except (ValueError, TypeError, ArithmeticError):
            raise TransformFailed("A value of this message does not fit what the expression does with it.") from None
        if result is None:
            raise TransformFailed("The expression finds nothing in this message, so there is nothing to send.")
        if len(body) > LIMIT:
            raise TransformFailed(f"The transformation makes {len(body)} bytes; at most {LIMIT} are sent.")
        return body


def compile_expression(text: str) -> Transform:
    """Check an expression and make it ready; raises ExpressionRefused."""
    if not text.strip():
        raise ExpressionRefused("The expression is empty; to send the message as it is, remove the transformation.")
    if len(text) > MAX_LENGTH:
        raise ExpressionRefused(f"The expression has {len(text)} characters; at most {MAX_LENGTH} are allowed.")
    if sum(character in DEEPENING for character in text) > MAX_NESTING:
        raise ExpressionRefused(f"The expression holds more than {MAX_NESTING} of [ {{ ( * ! &; split the work up.")
    tree = _parse(text)
    _check(tree)
    return Transform(tree)


def _parse(text: str) -> Mapping[str, Any]:
    try:
        tree: Mapping[str, Any] = jmespath.compile(text).parsed
    except LexerError as fault:
        raise ExpressionRefused(f"Column {fault.lexer_position + 1}: {fault.message[:100]}.") from None
    except ParseError as fault:
        if isinstance(fault, IncompleteExpressionError) or fault.token_value == "":  # the end, as a token
            raise ExpressionRefused("The expression ends too early; a bracket or name is missing there.") from None
        token = str(fault.token_value)[:50]
        raise ExpressionRefused(f"Column {fault.lex_position + 1}: '{token}' is not expected here.") from None
    except (JMESPathError, ValueError):
        raise ExpressionRefused("The expression is not valid JMESPath.") from None
    return tree


def _check(tree: Mapping[str, Any]) -> None:
    """Refuse what would fail for every message: too deep a tree, unknown functions, a wrong number of arguments."""
    todo = [(tree, 1)]
    while todo:
        node, depth = todo.pop()
        if depth > MAX_DEPTH:
            raise ExpressionRefused(f"The expression is a chain of more than {MAX_DEPTH} parts; make it shorter.")
        if node["type"] == "function_expression":
            _check_call(node["value"], len(node["children"]))
        # The children of a slice are numbers.
        todo.extend((child, depth + 1) for child in node.get("children", ()) if isinstance(child, dict))


def _check_call(name: str, given: int) -> None:
    if name not in TABLE:
        near = get_close_matches(name[:50], TABLE, n=1)
        hint = f" Did you mean {near[0]}()?" if near else ""
        raise ExpressionRefused(f"There is no function {name[:50]}().{hint}")
    if fault := arity_fault(name, given):
        raise ExpressionRefused(fault)
