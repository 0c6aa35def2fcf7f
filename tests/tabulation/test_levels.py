"""Which column of MARKS means what, for rule sets that understand their dimensions in any column."""

import pytest

from event_manager.tabulation.grid import Dimension, Key
from event_manager.tabulation.levels import find_levels, natural
from event_manager.tabulation.model import BadRules, MarkRow

Unit = tuple[str, str, str]
"""Category, part, criterion as written."""

CASES: list[tuple[str, tuple[Dimension, ...], list[Unit], Key]] = [
    ("none: every column means itself", (), [("a", "b", "c")], Key("a", "b", "c")),
    ("rounds and dives as named", ("category", "part"), [("final", "1", ""), ("semi", "2", "")], Key("final", "1")),
    (
        "rounds in part, dives in criterion",
        ("category", "part"),
        [("", "final", "1"), ("", "semi", "2")],
        Key("final", "1"),
    ),
    ("dives alone", ("category", "part"), [("", "1", ""), ("", "2", "")], Key("", "1")),
    ("a channel in part", ("criterion",), [("", "jury", ""), ("", "public", "")], Key("", "", "jury")),
    ("the contest's name beside", ("criterion",), [("2016", "", "jury"), ("2016", "", "public")], Key("", "", "jury")),
    (
        "a constant criterion beside runs",
        ("part",),
        [("", "Run 1", "overall"), ("", "Run 2", "overall")],
        Key("", "Run 1"),
    ),
    (
        "a constant segment is kept where there is room",
        ("part", "criterion"),
        [("Cup", "free", "skills"), ("Cup", "free", "music")],
        Key("", "free", "skills"),
    ),
    (
        "a column beyond the levels keeps its meaning",
        ("criterion",),
        [("semi", "", "jury"), ("final", "", "public")],
        Key("semi", "", "jury"),
    ),
]


@pytest.mark.parametrize(("levels", "units", "key"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_columns_are_understood(levels: tuple[Dimension, ...], units: list[Unit], key: Key) -> None:
    rows = [MarkRow("1", "A", "5", part, criterion, category) for category, part, criterion in units]

    assert find_levels(levels, rows).key(*units[0]) == key


def test_columns_that_would_mean_the_same_are_refused() -> None:
    rows = [MarkRow("1", "A", "5", part, criterion) for part, criterion in (("1", "x"), ("2", "y"))]

    with pytest.raises(BadRules, match="the marks use the columns part, criterion, this rule set reads 1 of them"):
        find_levels(("part",), rows)


def test_names_are_sorted_as_people_count() -> None:
    assert sorted(["Dive 10", "Dive 2", "dive 1"], key=natural) == ["dive 1", "Dive 2", "Dive 10"]
