"""How a changed document is told apart from the recomputed one."""

from event_manager.tabulation.differences import differences

RESULT = {"entry": "11", "place": "1", "parts": {"Waltz": "1", "Tango": "2"}}


def test_equal_values_do_not_differ() -> None:
    assert list(differences({"a": [RESULT]}, {"a": [RESULT]})) == []


def test_every_changed_value_is_named_by_its_path_and_entry() -> None:
    changed = RESULT | {"place": "2", "parts": {"Waltz": "1", "Tango": "1"}}

    assert list(differences({"results": [changed]}, {"results": [RESULT]})) == [
        '/results/0 (entry 11)/place: the file says "2", recomputed "1"',
        '/results/0 (entry 11)/parts/Tango: the file says "1", recomputed "2"',
    ]


def test_missing_and_extra_values_are_named() -> None:
    assert list(differences({"a": 1, "extra": True}, {"a": 1, "ties": []})) == [
        "/ties: the file says nothing, recomputed []",
        "/extra: the file says true, recomputed nothing",
    ]
    assert list(differences([1], [1, 2])) == ["/1: the file says nothing, recomputed 2"]


def test_a_number_is_not_the_same_as_its_text_nor_true_the_same_as_one() -> None:
    assert list(differences({"place": 1}, {"place": "1"})) == ['/place: the file says 1, recomputed "1"']
    assert list(differences([True], [1])) == ["/0: the file says true, recomputed 1"]


def test_long_values_are_cut_short() -> None:
    (told,) = differences({"note": "x" * 500}, {"note": ""})

    assert len(told) < 120
