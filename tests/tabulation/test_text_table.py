"""Text tables in a terminal of 80 columns, whatever the script."""

from hypothesis import given
from hypothesis import strategies as st

from event_manager.tabulation.files.text_table import display_width, format_table, wrap


def test_wide_and_combining_characters_count_as_the_columns_they_take() -> None:
    assert [display_width(text) for text in ("Ann", "李小龍", "e\u0301", "अनु", "")] == [3, 6, 1, 2, 0]


def test_long_text_breaks_at_blanks_and_a_long_word_where_it_must() -> None:
    assert wrap("to be or not", 5) == ["to be", "or", "not"]
    assert wrap("a abcdefgh", 4) == ["a", "abcd", "efgh"]
    assert wrap("", 4) == [""]


def test_the_widest_column_wraps_where_a_table_is_too_wide() -> None:
    table = format_table(
        ("Place", "Name"), [("1", "Anna Maria Luise von und zu Hohenfels")], right=frozenset({"Place"}), width=30
    )

    assert table == [
        "Place  Name",
        "─────  ───────────────────────",
        "    1  Anna Maria Luise von",
        "       und zu Hohenfels",
    ]


@given(st.lists(st.tuples(st.text(max_size=90), st.text(max_size=90)), min_size=1, max_size=5))
def test_no_line_of_a_table_is_wider_than_the_terminal(rows: list[tuple[str, str]]) -> None:
    for line in format_table(("One", "Two"), rows, right=frozenset()):
        assert display_width(line) <= 80
