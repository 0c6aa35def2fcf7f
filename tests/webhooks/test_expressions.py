"""Transformations: what they make, what they refuse, and that no expression runs away."""

import json
import sys

import pytest

from event_manager.webhooks.formats import LIMIT, document
from event_manager.webhooks.transforms.errors import ExpressionRefused, TransformFailed
from event_manager.webhooks.transforms.expression import MAX_LENGTH, compile_expression
from event_manager.webhooks.transforms.interpreter import BUDGET, TABLE
from tests.webhooks.messages import CONTEST, CREATED, a_message, large_body

DOCUMENT = {
    "data": {
        "title": "Finals",
        "items": [{"n": 2, "tag": "b"}, {"n": 1, "tag": "a"}],
        "numbers": [3, 1, 2],
        "nested": [[1], [2, [3]], 4],
        "off": False,
    }
}


def run(expression: str, value: object = DOCUMENT) -> object:
    made: object = json.loads(compile_expression(expression).apply(value))
    return made


def test_a_message_takes_the_shape_that_the_expression_gives_it() -> None:
    made = run("{text: join(' ', [type, data.title]), id: entity.id}", document(CREATED))

    assert made == {"text": "contest.created Zoë & <friends>", "id": str(CONTEST)}


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("data.items[?n > `1`].tag", ["b"]),
        ("data.items[*].n | [0]", 2),
        ("sort_by(data.items, &n)[*].tag", ["a", "b"]),
        ("data.nested[]", [1, 2, [3], 4]),
        ("data.numbers[::-1]", [2, 1, 3]),
        ("data.numbers[1:]", [1, 2]),
        ("data.title > `1`", None),
        ("data.title == 'Finals' && data.off == `false`", True),
        ("data.title != 'Finals' || data.numbers[0] >= `3`", True),
        ("contains(data.numbers, `3`)", True),
        ("map(&n, data.items)", [2, 1]),
        ("merge(data.items[0], {n: `9`})", {"n": 9, "tag": "b"}),
        ("to_string(data.items[0])", '{"n":2,"tag":"b"}'),
        ("*.title", ["Finals"]),
        ("!(data.off)", True),
        ("[length(data.title), sum(data.numbers), max(data.numbers)]", [6, 6, 3]),
    ],
)
def test_results_are_those_of_jmespath(expression: str, result: object) -> None:
    if result is None:
        with pytest.raises(TransformFailed, match="finds nothing"):
            run(expression)
    else:
        assert run(expression) == result


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("  ", "is empty"),
        ("a" * (MAX_LENGTH + 1), "4097 characters; at most 4096"),
        ("data.", "ends too early"),
        ("data.items[", "ends too early"),
        ("data ^ 1", "Column 6: Unknown token ^"),
        ("data..title", "Column 6: '.' is not expected here"),
        ("'open", "Unclosed ' delimiter"),
        ("lenght(@)", "Did you mean length()?"),
        ("system('id')", "There is no function system()"),
        ("data[*].length(@, @)", "length() takes 1 argument(s), not 2"),
        ("merge()", "merge() takes at least 1 argument(s), not 0"),
        ("[" * 151, "more than 150 of"),
        ("!" * 151 + "a", "more than 150 of"),
        (".*" * 151, "more than 150 of"),
        ("`" + "[" * 2000 + "`", "more than 150 of"),
        ("|".join("a" * 60), "chain of more than 50 parts"),
        ("||".join("a" * 60), "chain of more than 50 parts"),
        ("a" + "[*]" * 60, "chain of more than 50 parts"),
    ],
)
def test_an_expression_that_cannot_be_used_is_refused_when_saved(expression: str, says: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        compile_expression(expression)

    assert says in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("deepener", ["[", "(", "!", "&", "*.", "a[*]", "a[?", "{a:", "a.*.", "[*]", "[?a]", "f("])
def test_no_nesting_below_the_limit_exhausts_the_stack(deepener: str) -> None:
    deepest = deepener * (150 // sum(character in "[{(*!&" for character in deepener))

    with pytest.raises(ExpressionRefused):
        compile_expression(deepest)
    assert sys.getrecursionlimit() == 1000


DOUBLED = "[@, @]" + " | [@, @]" * 20
"""Two million leaves made of 21 shared lists."""


@pytest.mark.parametrize(
    "expression",
    [
        "[@, @][]" + " | [@, @][]" * 20,
        "[[@, @], [@, @]][]" + "[[@, @], [@, @]][]" * 20,
        DOUBLED,
        f"to_string({DOUBLED})",
        f"({DOUBLED}) == ({DOUBLED})",
        f"contains([{DOUBLED}], {DOUBLED})",
        f"length(to_string({DOUBLED}))",
        "@ | " + " | ".join(["join('', [to_string(@), to_string(@)])"] * 20),
        " | ".join(["join('x', [@, @])"] * 25).replace("@", "'ab'", 2),
        "[@, @][]" + " | [@, @][]" * 9 + " | [*].{a: @, b: @}[].[a, b][]" * 3,
        "data.items[]" + ".[@, @][]" * 14,
        "@" + " | map(&[@, @, @, @], [@, @, @, @])" * 6,
    ],
)
def test_an_expression_that_multiplies_stops_at_its_budget(expression: str) -> None:
    transform = compile_expression(expression)

    with pytest.raises(TransformFailed, match=f"more than {BUDGET} steps"):
        transform.apply(DOCUMENT)


def test_long_texts_are_paid_for() -> None:
    seven = compile_expression("[@,@,@,@,@,@,@][]" + "|[@,@,@,@,@,@,@][]" * 3 + "|sort([][])")

    with pytest.raises(TransformFailed, match=f"more than {BUDGET} steps"):
        seven.apply(["x" * 60_000])


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("data.absent", "finds nothing"),
        ("length(data.numbers[0])", "length() takes string, array, object, and got number"),
        ("join(',', data.numbers)", "join() takes array-string, and got int"),
        ("contains(data.title, `1`)", "does not fit"),
        ("data.numbers[::0]", "does not fit"),
        ("ceil(`Infinity`)", "does not fit"),
        ("&data", "does not fit"),
        ("`123456789012345678901234567890`", "does not fit"),
    ],
)
def test_a_message_that_does_not_fit_fails_with_the_reason(expression: str, says: str) -> None:
    with pytest.raises(TransformFailed) as failed:
        run(expression)

    assert says in str(failed.value)


def test_a_result_above_the_limit_is_not_sent() -> None:
    large = document(a_message(body=large_body(LIMIT)))

    with pytest.raises(TransformFailed, match=f"bytes; at most {LIMIT}"):
        compile_expression("@").apply(large)
    assert compile_expression("data.length(text)").apply(large) == b"65525"


def test_a_wrong_type_deep_in_a_multiplied_value_is_reported_without_printing_it() -> None:
    with pytest.raises(TransformFailed) as failed:
        run(f"length({DOUBLED} && `1`)")

    assert len(str(failed.value)) < 200


def test_every_function_of_the_library_has_a_signature_that_is_checked() -> None:
    assert len(TABLE) == 26
    assert all(spec["signature"] for spec in TABLE.values())
