"""Every trap seen in earlier systems of this kind has a test here that would catch it.

A trap is named in the words of the design; beside it stand the tests that hold it shut, as "file::test". A test that is
renamed or removed without a word here fails this module.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

TRAPS: dict[str, tuple[str, ...]] = {
    "a client header that names the tenant outranks the signed-in user's membership": (
        "identity/test_tenant_choice.py::test_a_header_naming_a_foreign_tenant_gives_no_right_there",
        "isolation/test_matrix.py::test_naming_the_other_organisation_in_a_header_or_path_opens_nothing",
    ),
    "a profile update accepts `role`": ("identity/test_sign_in.py::test_a_profile_update_cannot_change_a_role",),
    "an invite accepts any role": (
        "identity/test_invitations.py::test_an_organizer_invites_below_the_own_rank_only",
        "identity/test_invitations.py::test_most_roles_invite_nobody",
    ),
    "an invite returns a password": (
        "identity/test_invitations.py::test_an_invitation_returns_neither_link_nor_password",
    ),
    "a half-finished second factor works as a full sign-in": (
        "identity/test_second_factor.py::test_a_half_finished_sign_in_is_good_for_nothing_else",
        "isolation/test_matrix.py::test_strangers_and_half_signed_in_people_get_nowhere",
    ),
    "disabled users keep their session": (
        "identity/test_sign_in.py::test_disabling_an_account_ends_its_sessions_at_once",
        "identity/test_members.py::test_a_suspended_member_has_no_access_until_let_back_in",
    ),
    "uploads are public": (
        "stories/test_traps.py::test_an_uploaded_file_is_taken_from_organisers_only_and_kept_nowhere",
    ),
    "sockets join any room": (
        "stories/test_traps.py::test_a_live_stream_opens_only_for_who_may_see_the_category",
        "scoring/test_live.py::test_a_stream_ends_with_the_sign_in_it_was_opened_with",
    ),
    "an organiser without a resource id passes every guard": (
        "identity/test_roles.py::test_an_organiser_of_one_event_passes_no_guard_without_that_event",
        "contests/test_access.py::test_an_organiser_of_one_event_changes_nothing_in_another",
    ),
    "marks can be overwritten after certification through a second path": (
        "stories/test_traps.py::test_no_second_path_changes_a_result_after_the_tally",
    ),
    "six different totals on six pages": ("stories/test_traps.py::test_every_page_shows_the_one_total",),
    "ties broken by row order": (
        "tabulation/test_properties.py::test_order_of_rows_never_matters",
        "tabulation/test_ties.py::test_equal_totals_share_the_first_of_their_places_by_default",
    ),
    "a second deduction replaces the first": (
        "scoring/test_results.py::test_a_second_deduction_adds_up_and_a_withdrawn_one_stops_counting",
    ),
    "missing marks counted as zero": (
        "tabulation/test_policies.py::test_a_missing_mark_is_never_counted_as_zero",
        "scoring/test_results.py::test_closing_is_refused_while_marks_are_missing_and_names_who_owes_them",
    ),
    "rounding at the wrong stage": ("stories/test_traps.py::test_a_total_is_rounded_once_and_at_the_end",),
    "the counter for numbers read, then written": (
        "contests/test_numbering.py::test_fifty_entries_at_once_get_fifty_numbers",
    ),
    "a decimal comma read as thousands": (
        "tabulation/test_exact.py::test_a_decimal_comma_is_named",
        "contests/test_imports.py::test_a_decimal_comma_in_a_fact_is_refused_and_not_read_as_thousands",
        "scoring/test_marks.py::test_numbers_are_never_guessed",
    ),
    "lists that load every row": (
        "stories/test_traps.py::test_every_list_that_grows_is_read_by_pages_of_a_bounded_length",
    ),
    "a statement more for each contestant": (
        "contests/test_query_counts.py::test_a_list_costs_a_fixed_number_of_statements",
    ),
    "caches keyed without the tenant": (
        "isolation/test_matrix.py::test_what_one_organisation_reads_does_not_change_when_another_fills_up",
        "kit/test_database.py::test_a_pooled_connection_forgets_the_tenant_of_the_work_before",
    ),
    "embargoed totals inside an answer that the page merely hides": (
        "stories/test_traps.py::test_no_answer_holds_a_total_or_anothers_mark_while_judging_goes_on",
        "scoring/test_results.py::test_results_before_publication_are_for_officials_only",
        "scoring/test_results.py::test_no_total_is_shown_while_judging",
    ),
}
WITH_CERTIFICATION = (
    "one judge's certify stamps all judges' rows",
    "board approval writes nothing and reports success",
    "a quorum can be met by one person",
    "un-certifying leaves later signatures valid",
)
"""Traps of signatures: there are none yet to fall into; they come with the room of certification."""


def names_in(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_held_shut_by_tests_that_exist(trap: str) -> None:
    missing = [name for name in TRAPS[trap] if name.split("::")[1] not in names_in(name.split("::")[0])]

    assert TRAPS[trap]
    assert missing == []


def test_traps_of_certification_move_up_once_there_is_such_a_room() -> None:
    built = (TESTS.parent / "event_manager" / "certification").is_dir()

    assert not (built and WITH_CERTIFICATION), "give each of these its tests in TRAPS"
