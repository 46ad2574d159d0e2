"""Folders of responses other than the one published here: with every response, with a few, with broken ones."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock import Response
from store_credit_mock.recording import RecordingError
from store_credit_tools.replay.mock import Run, play, responses, runs
from store_credit_tools.replay.mock.script import read

pytestmark = pytest.mark.takes_seconds

RECORDINGS = Path(__file__).parents[2] / "recordings"
RUNS = {
    "": Run("4.5"),
    ".spree4103": Run("4.10"),
    ".spree536": Run("5.3"),
    ".spree536.postgresql": Run("5.3", "postgresql"),
}
EVERY = 440
"""How many steps in scope have a name; the other 19 only prepare."""
UPDATE = "platform.store_credits.update_memo"
CREDITS = "/api/v2/platform/store_credits"
HOST = "https://shop.example"
START = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


class OtherRun:
    """Rewrites the mock's answers as another run of the server would have given them.

    Clock, codes, numbers, tags and host are others, and record ids too where the profile's rules let them differ.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.shift = 0 if run.same_ids else 500

    def value(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self.value(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, name) for item in value]
        if name == "payment_method_id" and value is not None:
            return str(int(value) + self.shift) if isinstance(value, str) else value + self.shift
        return self.text(value, name) if isinstance(value, str) else value

    def text(self, text: str, name: str) -> str:
        if name == "id":
            return str(int(text) + self.shift)
        if name in {"token", "access_token", "refresh_token"}:
            return "<token>"
        if name in {"number", "order_number"}:
            return text[0] + str(int(self.tag(text), 16))[: len(text) - 1]
        if name in {"response_code", "authorization_code"}:
            return f"{int(text.partition('-')[0]) + self.shift}-SC-{str(int(self.tag(text), 16))[:20]}"
        if name.endswith("_at") and text.startswith("2026-11-22"):
            passed = datetime.fromisoformat(text) - datetime(2026, 11, 22, tzinfo=UTC)
            return (START + passed * 3).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return text.replace("http://localhost:4545/", f"{HOST}/")

    def tag(self, text: str) -> str:
        return md5((str(self.run) + text).encode(), usedforsecurity=False).hexdigest()

    def response(self, response: Response) -> dict[str, Any]:
        names = ("Content-Type", "ETag", "Cache-Control", "Vary", "WWW-Authenticate")
        headers = {name: response.header(name.lower()) for name in names}
        if headers["ETag"] is not None:
            headers["ETag"] = f'W/"{self.tag(headers["ETag"])}"'
        body: Any = None
        if response.body.startswith(b"<!DOCTYPE html>"):
            body = "<!DOCTYPE html>... (default Rails 404 page, 1722 characters)"
        elif response.body:
            body = self.value(json.loads(response.body))
        kept = {name: value for name, value in headers.items() if value is not None}
        return {"status": response.status, "headers": kept, "body": body}


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a response to every step in scope, of each version."""
    folder = tmp_path_factory.mktemp("every")
    shutil.copy(RECORDINGS / "sequence.json", folder)
    named = {step.number: step for step in read(RECORDINGS) if step.name is not None}
    for suffix, run in RUNS.items():
        other = OtherRun(run)
        for number, response in responses(RECORDINGS, run).items():
            if (step := named.get(number)) is not None:
                asked = {"method": step.method, "path": step.path}
                content = {"seq": number, "request": asked, "response": other.response(response)}
                (folder / f"{step.name}{suffix}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.fixture
def copy(every: Path, tmp_path: Path) -> Path:
    """The same, to be changed by `edit`."""
    return Path(shutil.copytree(every, tmp_path / "copy", copy_function=os.link))


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.unlink()
    path.write_text(json.dumps(content), encoding="utf-8")


def later(content: dict[str, Any]) -> None:
    """Move the time a record was changed by a millisecond."""
    attributes = content["response"]["body"]["data"]["attributes"]
    moved = datetime.fromisoformat(attributes["updated_at"]) + timedelta(milliseconds=1)
    attributes["updated_at"] = moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize("run", RUNS.values(), ids=str)
def test_another_run_with_every_answer_is_equal(every: Path, run: Run) -> None:
    report = play(every, run)

    refused = 1 if run.variant == "postgresql" else 0  # The step that deletes a record PostgreSQL had no room for.
    assert (len(report.equal), report.different, report.unanswered) == (EVERY, {}, refused)
    assert report.passed_over == {}
    assert len(report.equal) + report.statuses + refused + report.outside == report.steps == 583


def test_what_changed_without_a_reason_is_found_at_its_place(copy: Path) -> None:
    """Step 192 reads what step 170 read; nothing was saved between them."""
    etag, page = "platform.store_credits.retrieve_etag", "platform.store_credits.list_page2"
    edit(copy / f"{etag}.json", later)
    edit(copy / f"{page}.json", lambda content: content["response"]["body"]["links"].update(self=f"{HOST}{CREDITS}"))

    found = play(copy).different

    assert found[etag][0].startswith("/response/body/data/attributes/updated_at: ")
    assert found[page][0].startswith("/response/body/links/self: 'http://localhost:4545/")


def test_what_stands_for_a_record_of_another_version_is_still_a_number(copy: Path) -> None:
    etag, create = "platform.store_credits.retrieve_etag.spree4103", "platform.store_credits.create_gbp.spree4103"
    edit(copy / f"{etag}.json", later)
    edit(copy / f"{create}.json", lambda content: content["response"]["body"]["data"].update(id="none"))

    found = play(copy, Run("4.10")).different

    assert found[etag][0].startswith("/response/body/data/attributes/updated_at: ")
    assert found[create][0] == "/response/body/data/id: '18' where 'none' was recorded"


def test_each_file_is_compared_or_named_with_the_reason(copy: Path) -> None:
    """A file belongs to the step whose number it has; those of another run do not count, nor the cache's of a list."""
    retrieve = "platform.store_credits.retrieve"
    (copy / f"{retrieve}.json").rename(copy / "renamed.json")
    for variant in (".nocache", ".postgresql"):
        shutil.copy(copy / f"{UPDATE}.json", copy / f"{UPDATE}{variant}.json")
    for name in (UPDATE, f"{UPDATE}.postgresql"):
        edit(copy / f"{name}.json", lambda content: content["response"].update(status=299))
    (copy / "stray.json").write_text(
        json.dumps({"seq": 900, "request": {"method": "GET", "path": "/"}, "response": {"status": 200}}),
        encoding="utf-8",
    )
    (copy / "notes.json").write_text("[", encoding="utf-8")

    report = play(copy)

    assert (len(report.equal), report.different) == (EVERY - 1, {})
    assert "renamed" in report.equal
    assert set(report.passed_over) == {UPDATE, "stray", "notes"}
    assert play(copy, Run("4.5", "nocache")).equal == [f"{UPDATE}.nocache"]
    assert report.as_dict()["passed_over"]["notes"].startswith("the file is not valid JSON")
    assert "no step of the script has its number or its name: stray" in "\n".join(report.lines())


def test_a_few_answers_of_one_version_need_no_others(every: Path, tmp_path: Path) -> None:
    """Step 151 deletes by a number that only 4.5 gave; step 193 sends a tag of another run."""
    names = ["platform.store_credits.list_default", "platform.store_credits.retrieve_not_modified"]
    for name in names:
        shutil.copy(every / f"{name}.spree4103.json", tmp_path)

    (tmp_path / "notes.json").write_text("{}", encoding="utf-8")

    assert runs(tmp_path, RECORDINGS) == [Run("4.10")]
    report = play(tmp_path, Run("4.10"), script=RECORDINGS)
    assert (report.equal, report.different) == ([f"{name}.spree4103" for name in reversed(names)], {})


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"seq": 257, "response": {"headers": {}}}'])
def test_a_broken_answer_of_a_step_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / f"{UPDATE}.json").write_text(content, encoding="utf-8")

    with pytest.raises(RecordingError, match=re.escape(f"{UPDATE}.json: ") + "(the file is not valid|the exchange )"):
        play(tmp_path, script=RECORDINGS)


@pytest.mark.parametrize("content", ["{", "{}", '{"steps": [{"name": "without a number"}]}'])
def test_a_broken_script_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "sequence.json").write_text(content, encoding="utf-8")

    with pytest.raises(RecordingError, match=r"sequence\.json: is not a script"):
        play(tmp_path)


def test_a_folder_without_answers_is_refused(tmp_path: Path) -> None:
    shutil.copy(RECORDINGS / "sequence.json", tmp_path)

    with pytest.raises(RecordingError, match="contains no responses"):
        runs(tmp_path)


def test_a_back_office_step_nobody_can_do_is_told(every: Path, tmp_path: Path) -> None:
    script = json.loads((RECORDINGS / "sequence.json").read_text(encoding="utf-8"))
    script["steps"] = [{"seq": 1, "back_office": "forget the user"}, script["steps"][21]]
    (tmp_path / "sequence.json").write_text(json.dumps(script), encoding="utf-8")
    shutil.copy(every / "platform.auth.no_token.json", tmp_path)

    report = play(tmp_path)

    assert (report.equal, report.outside_wrong) == (["platform.auth.no_token"], ["step 1: 501 for forget the user"])
    assert not report.ok


def test_the_command_says_where_and_ends_with_one(tmp_path: Path) -> None:
    """Of a folder with neither a script nor another version's answers."""
    name = "storefront.no_credits.add_store_credit.spree4103"
    shutil.copy(RECORDINGS / f"{name}.json", tmp_path)
    edit(tmp_path / f"{name}.json", lambda content: content["response"]["body"].update(error="No."))

    done = subprocess.run(
        [sys.executable, RECORDINGS.parents[1] / "scripts" / "replay", "--mock", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert f"different at step 361, {name}:" in done.stdout
    assert "/error: 'User does not have any Store Credits available' where 'No.' was recorded" in done.stdout
