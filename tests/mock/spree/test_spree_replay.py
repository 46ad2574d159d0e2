"""The whole recorded script, played on the mock."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock.recording import RecordingError
from store_credit_mock.storage import open_storage
from store_credit_tools.replay.mock import Run, play, play_all, runs

pytestmark = pytest.mark.takes_seconds

RECORDINGS = Path(__file__).parents[2] / "recordings"


EQUAL = {
    Run("4.5"): 302,
    Run("4.5", "nocache"): 8,
    Run("4.5", "postgresql"): 2,
    Run("4.10"): 27,
    Run("5.3"): 310,
    Run("5.3", "nocache"): 1,
    Run("5.3", "postgresql"): 16,
}
"""How many published answers each run has in scope."""
TIES = "credits of one amount come in no order that PostgreSQL promises"


@pytest.mark.parametrize(("run", "equal"), EQUAL.items(), ids=str)
def test_every_published_answer_in_scope_is_equal(run: Run, equal: int) -> None:
    report = play(RECORDINGS, run)

    assert (report.different, report.wrong_statuses, report.outside_wrong) == ({}, [], [])
    assert set(report.excepted.values()) == ({TIES} if run.variant == "postgresql" else set())
    assert (len(report.equal), report.steps) == (equal, 583)
    # Over PostgreSQL one record is refused, and the step that deletes it has nothing to do.
    assert report.statuses == 35 - (run.variant == "postgresql")
    equal += len(report.excepted)
    assert equal + report.statuses + report.unanswered + report.outside == report.steps
    assert f"{len(report.equal)} of {equal} published responses are equal" in "\n".join(report.lines())


def test_every_storage_gives_the_same_answers(database: str, tmp_path: Path) -> None:
    """A file and a real PostgreSQL beside the memory."""
    for address in (str(tmp_path / "state.db"), database):
        report = play(RECORDINGS, Run("5.3"), open_storage(address))
        assert (len(report.equal), report.different) == (EQUAL[Run("5.3")], {})


def test_a_folder_says_which_runs_it_has() -> None:
    assert runs(RECORDINGS) == list(EQUAL)


def test_files_of_a_version_without_a_profile_are_named(tmp_path: Path) -> None:
    for version in ("spree536", "spree600alpha"):
        shutil.copy(RECORDINGS / "platform.auth.no_token.json", tmp_path / f"platform.auth.no_token.{version}.json")

    (report,) = play_all(tmp_path, script=RECORDINGS)

    assert report.profile == "5.3"
    assert report.passed_over == {
        "platform.auth.no_token.spree600alpha": "the mock has no profile of this version of Spree"
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "recordings"
    shutil.copytree(RECORDINGS, copy)
    return copy


def change(folder: Path, name: str, *path: str | int, to: Any) -> None:
    """Change one value of a published response."""
    file = folder / f"{name}.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    place = content["response"]
    for part in path[:-1]:
        place = place[part]
    assert place[path[-1]] != to
    place[path[-1]] = to
    file.write_text(json.dumps(content), encoding="utf-8")


ATTRIBUTES = ("body", "data", "attributes")


@pytest.mark.parametrize(
    ("name", "path", "to"),
    [
        ("platform.store_credits.retrieve", ("status",), 201),
        ("platform.store_credits.retrieve", ("headers", "Content-Type"), "application/json; charset=utf-8"),
        ("platform.store_credits.retrieve", ("headers", "ETag"), 'W/"another"'),
        ("platform.store_credits.retrieve", (*ATTRIBUTES, "amount"), "150.00"),
        ("platform.store_credits.retrieve", ("body", "data", "id"), "2"),
        # A time that changed although nothing was saved.
        ("platform.store_credits.retrieve", (*ATTRIBUTES, "updated_at"), "2026-11-22T02:19:23.104Z"),
        # A time that stayed although something was saved.
        ("platform.store_credits.update_memo", (*ATTRIBUTES, "updated_at"), "2026-11-22T02:19:23.103Z"),
        # A time out of order.
        ("platform.store_credits.create_string_amount", (*ATTRIBUTES, "created_at"), "2026-11-22T01:00:00.000Z"),
        # A time that the request sent.
        ("platform.store_credits.create_timestamps", (*ATTRIBUTES, "updated_at"), "2020-01-02T01:04:06.000Z"),
        # A number that stands for another order.
        ("storefront.apply.remove_full", (*ATTRIBUTES, "number"), "R680039751"),
        ("platform.store_credits.list_page2", ("body", "links", "next"), "http://localhost:4545/?page=3"),
        ("platform.store_credits.list_page2", ("body", "meta", "total_count"), 26),
        ("storefront.account.retrieve_no_credits", (*ATTRIBUTES, "store_credits"), "0"),
        ("platform.store_credits.delete_used", ("body", "error"), "No."),
    ],
)
def test_a_difference_of_any_kind_is_found(folder: Path, name: str, path: tuple[str, ...], to: Any) -> None:
    change(folder, name, *path, to=to)

    assert name in play(folder).different


def test_a_code_that_stands_for_two_is_found(folder: Path) -> None:
    name = "lifecycle.captured.after_complete"
    other = "39-SC-20261122021932523499"
    change(folder, name, "body", "included", 2, "attributes", "authorization_code", to=other)

    assert name in play(folder).different


def test_a_step_that_is_missing_is_found(folder: Path) -> None:
    """The script is not decoration: without one of its steps later answers differ."""
    path = folder / "sequence.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["steps"] = [step for step in content["steps"] if step["seq"] != 458]
    path.write_text(json.dumps(content), encoding="utf-8")

    assert "lifecycle.captured.after_partial_refund" in play(folder).different


def test_a_status_that_preparation_expects_is_checked(folder: Path) -> None:
    path = folder / "sequence.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    step = next(step for step in content["steps"] if step["seq"] == 120)
    step["expected_status"] = 200
    path.write_text(json.dumps(content), encoding="utf-8")

    assert play(folder).wrong_statuses == ["step 120: 200 expected, 204 here"]


def test_answers_that_were_kept_back_are_compared_once_they_are_there(folder: Path) -> None:
    published = json.loads((folder / "platform.store_credits.delete_bad_id.json").read_text(encoding="utf-8"))
    published.update(name="platform.store_credits.delete_404", seq=316)
    (folder / "platform.store_credits.delete_404.json").write_text(json.dumps(published), encoding="utf-8")

    assert "platform.store_credits.delete_404" in play(folder).equal


def test_a_folder_without_a_script_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"sequence\.json"):
        play(tmp_path)


def test_the_command_prints_the_counts(capfd: pytest.CaptureFixture[str]) -> None:
    import subprocess
    import sys

    script = RECORDINGS.parents[1] / "scripts" / "replay"
    done = subprocess.run([sys.executable, script, "--mock", "--profile", "4.10"], check=False)

    assert done.returncode == 0
    assert "27 of 27 published responses are equal" in capfd.readouterr().out
