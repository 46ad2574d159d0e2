"""The planted failures that jobs have to withstand, by their numbers, and the tests in which each of them is tried."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

# Of each failure the tests that it takes.
PLANTED: Final[dict[int, tuple[str, ...]]] = {
    1: (
        "test_job_kills.py::test_nothing_doubles_and_nothing_is_lost",
        "test_job_kills.py::test_under_limits_while_time_passes",
        "test_job_kills.py::test_nothing_doubles_and_nothing_is_lost",
    ),
    2: ("test_planted_engine.py::test_killed_between_commit_and_request_or_response_and_commit",),
    3: ("test_planted_engine.py::test_killed_between_commit_and_request_or_response_and_commit",),
    4: (
        "test_planted_on_a_clock.py::test_a_create_slower_than_its_response",
        "test_planted_on_a_clock.py::test_a_create_slower_than_its_response_and_no_grace",
        "test_job_kills.py::test_a_commit_that_is_slower_than_the_grace_doubles",
        "test_planted_whole_jobs.py::test_4_a_double_of_whoever_looks_too_early_is_caught",
        "test_planted_whole_jobs.py::test_4_the_grace_of_the_run_that_sent_counts_for_those_after_it",
    ),
    5: (
        "test_planted_engine.py::test_two_runners_on_one_journal",
        "test_job_kills.py::test_a_second_runner_while_the_first_is_frozen",
    ),
    6: (
        "test_planted_engine.py::test_two_journals_and_one_campaign",
        "test_planted_engine.py::test_two_journals_and_a_lock_on_the_server",
    ),
    7: (
        "test_planted_on_a_clock.py::test_a_resume_after_25_hours",
        "test_job_kills.py::test_the_key_is_forgotten",
        "test_planted_whole_jobs.py::test_7_what_a_day_does_not_hide",
    ),
    8: ("test_job_kills.py::test_a_mark_is_removed",),
    9: ("test_planted_whole_jobs.py::test_9_of_equal_rows_each_is_explained_once",),
    10: ("test_planted_whole_jobs.py::test_10_stale_pages_hide_nothing",),
    11: ("test_planted_whole_jobs.py::test_11_ignored_filters_are_seen_through",),
    12: ("test_planted_whole_jobs.py::test_12_a_customer_who_comes_later",),
    13: ("test_planted_whole_jobs.py::test_13_a_file_that_is_edited_and_planned_again",),
    14: ("test_planted_engine.py::test_a_plan_that_is_not_the_one_for_now_and_here",),
    15: (
        "test_planted_engine.py::test_a_disk_that_is_full_when_outcomes_are_written",
        "test_planted_engine.py::test_a_journal_that_was_cut_off",
        "test_journal_files.py::test_a_full_disk_stops_before_anything_is_claimed",
        "test_journal_files.py::test_a_journal_that_cannot_be_written_can_be_read",
        "test_journal_files.py::test_a_damaged_journal_is_refused_with_advice",
    ),
    16: (
        "test_planted_on_a_clock.py::test_a_limit_that_halves_in_the_middle",
        "test_planted_on_a_clock.py::test_the_limit_of_spree_v3_is_kept",
        "test_planted_on_a_clock.py::test_a_storm_of_refusals",
        "test_planted_on_a_clock.py::test_a_wait_of_a_day_ends_the_job",
        "test_planted_whole_jobs.py::test_16_a_storm_of_429",
        "test_planted_whole_jobs.py::test_16_a_wait_of_a_day_ends_the_run",
    ),
    17: (
        "test_planted_on_a_clock.py::test_a_success_that_is_about_something_else",
        "test_planted_whole_jobs.py::test_17_a_success_about_somebody_else",
        "test_planted_whole_jobs.py::test_17_a_credit_that_is_really_another_is_never_done",
    ),
    18: (
        "test_planted_on_a_clock.py::test_a_token_that_ends_during_the_job",
        "test_planted_whole_jobs.py::test_18_under_another_credential_open_rows_are_looked_up",
    ),
    19: (
        "test_undo.py::test_what_customers_have_begun_to_spend",
        "test_undo.py::test_a_purchase_after_the_plan_is_seen_before_anything_is_sent",
        "test_undo.py::test_what_is_spent_to_the_last_stays",
        "test_system_spree_v2_changes.py::test_a_credit_with_money_set_aside_is_never_deleted",
        "test_system_spree_v3_changes.py::test_what_is_spent_or_set_aside_is_left_alone",
        "test_system_spree_v3_changes.py::test_a_purchase_between_look_and_change_fails_safe",
    ),
    20: (
        "test_reading.py::test_a_hostile_file_is_refused_with_its_line",
        "test_reading.py::test_a_cell_of_a_hundred_megabytes_leaves_memory_flat",
        "test_reading.py::test_columns_of_parquet_that_are_refused",
        "test_reading.py::test_a_memo_may_be_a_formula_and_is_warned_of",
        "test_amounts.py::test_what_is_not_an_amount_and_why",
    ),
    21: (
        "test_job_kills.py::test_a_clock_that_is_wrong_by_an_hour",
        "test_job_kills.py::test_a_clock_that_is_set_while_a_job_runs",
        "test_planted_whole_jobs.py::test_21_a_clock_that_is_wrong",
        "test_planted_whole_jobs.py::test_21_a_clock_that_is_days_ahead_of_a_server_that_does_not_say_its_time",
    ),
    22: (
        "test_planted_engine.py::test_a_signal_to_the_command",
        "test_planted_engine.py::test_a_second_signal_to_the_command",
    ),
    23: (
        "test_worker.py::test_a_worker_that_lives_is_rescued",
        "test_worker.py::test_three_workers_one_killed_one_frozen",
    ),
    24: ("test_planted_engine.py::test_a_credit_that_staff_deletes_during_the_job",),
}


def test_every_failure_has_its_tests() -> None:
    """Each is named once or more, and what is named is there."""
    assert set(PLANTED) == set(range(1, 25))
    here = Path(__file__).parent
    for name in {name for names in PLANTED.values() for name in names}:
        module, _, function = name.partition("::")
        parsed = ast.parse((here / module).read_text(encoding="utf-8"))
        assert function in {node.name for node in parsed.body if isinstance(node, ast.FunctionDef)}, name
