"""The recorded scripts of Spree API v3, played on the mock."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock import Contract, Response
from store_credit_mock.recording import RecordingError
from store_credit_tools.replay.spree_v3 import heard, play
from store_credit_tools.replay.spree_v3.script import SERVERS, Server

pytestmark = pytest.mark.takes_seconds

RECORDINGS = Path(__file__).parents[2] / "recordings" / "spree-v3"
COMMAND = RECORDINGS.parents[2] / "scripts" / "replay"
V5_5, V5_6, ALPHA = SERVERS

EQUAL = {V5_5: (32, 266), V5_6: (330, 0), ALPHA: (354, 0)}
"""How many files each server has of its own, and how many it inherits."""
NO_V2 = "API v2 is another system of the mock; what answers where it was removed is not imitated"
RACE = "which of two completions at once takes the first unused code of the credit is chance"
EXCEPTED = {
    "v2.platform.store_credits": NO_V2,
    "v2.storefront.account": NO_V2,
    "v3.store.carts.complete_two_carts_one_credit": RACE,
}


@pytest.mark.parametrize(("server", "files"), EQUAL.items(), ids=lambda one: getattr(one, "profile", ""))
def test_every_published_file_is_equal_or_an_exception_with_its_reason(
    server: Server, files: tuple[int, int], store_credit_mock_contract: Contract
) -> None:
    report = play(RECORDINGS, server, contract=store_credit_mock_contract)

    assert (report.different, report.wrong_statuses, report.passed_over) == ({}, [], {})
    assert (len(report.own), len(report.inherited)) == files
    for name, reason in report.excepted.items():
        assert EXCEPTED[name.rpartition(".")[0]] == reason
    assert len(report.excepted) == (3 if server is ALPHA else 2)
    assert len(report.equal) + len(report.excepted) == sum(files)
    assert len(report.outcomes) + report.statuses + (server is not V5_5) == sum(report.steps.values())
    assert sum(one.webhooks for one in report.outcomes) == (0 if server is V5_5 else 9)
    assert f"{files[0]} are equal" in "\n".join(report.lines())
    assert report.ok


def test_every_file_is_of_a_server_that_is_played() -> None:
    """As many as the index counts: none is passed over because of its name."""
    index = json.loads((RECORDINGS / "index.json").read_text(encoding="utf-8"))

    assert sum(own for own, _ in EQUAL.values()) == index["count"] == 716


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RECORDINGS, tmp_path / "recordings", copy_function=os.link))


def change(folder: Path, name: str, *path: str | int, to: Any) -> str:
    """Change one value of a published file; returns the file's name."""
    file = folder / f"{name}.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    place: Any = content
    for part in path[:-1]:
        place = place[part]
    assert place[path[-1]] != to
    place[path[-1]] = to
    file.unlink()
    file.write_text(json.dumps(content), encoding="utf-8")
    return name


PLANTED: list[tuple[str, tuple[str | int, ...], Any, str]] = [
    ("v3.admin.store_credits.get", ("response", "status"), 201, "/response/status"),
    ("v3.admin.store_credits.get_staff", ("response", "headers", "Content-Type"), "text/html", "/response/headers/Con"),
    ("v3.admin.store_credits.create", ("response", "body", "amount"), "50.00", "/response/body/amount"),
    ("v3.admin.store_credits.create_eur", ("response", "body", "id"), "sc_kOKT9MVfb0", "/response/body/id"),
    # An id that stood for another record before.
    ("v3.admin.store_credits.get_used", ("response", "body", "id"), "credit_UkLWZg9DAJ", "/response/body/id"),
    # A time that changed although nothing was saved, and one that is out of order.
    ("v3.admin.store_credits.update_amount_same", ("response", "body", "updated_at"), "2026-11-28T17:00:38.673Z",
     "/response/body/updated_at"),
    ("v3.admin.store_credits.create_jpy", ("response", "body", "created_at"), "2026-11-28T16:00:00.000Z",
     "/response/body/created_at"),
    # The amount due of a paid order is the number 0.
    ("v3.store.carts.complete", ("response", "body", "amount_due"), "0", "/response/body/amount_due"),
    ("v3.store.carts.apply_number", ("response", "body", "store_credit_total"), "6.50", "/response/body/store_credit"),
    ("v3.idempotency.create_replayed", ("response", "headers", "Idempotent-Replayed"), "false", "/response/headers/Id"),
    # A replay costs nothing of the budget, and is counted otherwise here.
    ("v3.idempotency.create_other_body", ("response", "headers", "X-RateLimit-Remaining"), "1", "/response/headers/X-"),
    ("v3.http.rate_limited", ("response", "headers", "Retry-After"), "59", "/response/headers/Retry-After"),
    ("v3.idempotency.twins", ("twins", 0, "body", "amount"), "31.0", "/response/body/amount"),
    ("v3.store.carts.complete_two_carts_one_credit", ("twins", 0, "status"), 409, "/response/status"),
    ("v3.webhooks.store_credit_updated", ("webhooks", 0, "body", "data", "amount"), "11.5", "/webhooks/0/body/data"),
    ("v3.webhooks.complete", ("webhooks", 1, "headers", "User-Agent"), "Spree", "/webhooks/1/headers/User-Agent"),
]  # fmt: skip


def test_a_difference_of_any_kind_is_found(folder: Path, store_credit_mock_contract: Contract) -> None:
    """Each is found at its place, and nothing else is."""
    names = [change(folder, f"{name}.spree561", *path, to=to) for name, path, to, _ in PLANTED]

    found = play(folder, V5_6, contract=store_credit_mock_contract).different

    for name, (*_, where) in zip(names, PLANTED, strict=True):
        assert any(one.startswith(where) for one in found.get(name, ())), (name, found.get(name))
    assert set(found) - set(names) == set()


def test_state_goes_over_to_the_ledger_and_back(folder: Path, store_credit_mock_contract: Contract) -> None:
    """Without the script on the overlaid server, what follows it on the alpha differs: it took 15 of a credit."""
    path = folder / "sequence.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["runs"] = [run for run in content["runs"] if run["script"] != "steps_overlay"]
    path.unlink()
    path.write_text(json.dumps(content), encoding="utf-8")

    found = play(folder, ALPHA, contract=store_credit_mock_contract)

    assert "v3.webhooks.complete.spree600alpha" in found.different
    assert found.passed_over["v3.admin.all_store_credits.list.spree600alpha_overlay"] == (
        "no step of the script has its name"
    )


def test_an_exception_that_does_not_happen_is_told(folder: Path, store_credit_mock_contract: Contract) -> None:
    """What is expected to differ and is equal fails the replay, so that the list stays true."""
    code = "64-SC-20261128165959989361"
    name = change(
        folder, "v3.store.carts.complete_two_carts_one_credit.spree600alpha",
        "response", "body", "payments", 0, "response_code", to=code,
    )  # fmt: skip
    change(
        folder, "v3.store.carts.apply_same_credit_1.spree600alpha",
        "response", "body", "payments", 0, "response_code", to=code,
    )  # fmt: skip

    report = play(folder, ALPHA, contract=store_credit_mock_contract)

    assert [one.exchange for one in report.stale] == [name]
    assert not report.ok
    assert f"STALE {name}" in "\n".join(report.lines())


def as_recorded(response: Response) -> dict[str, Any]:
    headers = {name.decode().title(): value.decode("latin-1") for name, value in response.headers}
    return {"status": response.status, "headers": headers, "body": json.loads(response.body or b"null")}


@pytest.mark.parametrize("server", [V5_6, ALPHA], ids=lambda one: one.profile)
def test_another_run_with_every_response_is_equal(
    server: Server, tmp_path: Path, store_credit_mock_contract: Contract
) -> None:
    """With other numbers, codes and tokens, and a file for each step that was recorded, also those kept back."""
    for step, request, responses in heard(RECORDINGS, server, seed="another", contract=store_credit_mock_contract):
        if step.recorded:
            first, *twins = map(as_recorded, responses)
            asked = {"method": request.method, "path": request.path, "query": step.query}
            content = {"seq": step.number, "request": asked, "response": first, "twins": twins}
            (tmp_path / f"{step.name}.{step.run}.json").write_text(json.dumps(content), encoding="utf-8")

    report = play(tmp_path, server, script=RECORDINGS, contract=store_credit_mock_contract)

    assert (report.different, report.wrong_statuses, report.passed_over) == ({}, [], {})
    assert len(report.own) == (451 if server is V5_6 else 483)


def test_calls_until_a_refusal_are_counted(folder: Path, store_credit_mock_contract: Contract) -> None:
    path = folder / "sequence.json"
    content = path.read_text(encoding="utf-8").replace("(601 calls sent)", "(602 calls sent)")
    path.unlink()
    path.write_text(content, encoding="utf-8")

    found = play(folder, ALPHA, contract=store_credit_mock_contract).different

    assert found == {"v3.http.rate_limited.spree600alpha": ("/calls: 601 calls where 602 were sent",)}


def test_a_folder_of_files_alone_is_played_by_the_published_script(tmp_path: Path) -> None:
    """As those that were kept back are, also beside files of API v2."""
    names = ["v3.admin.store_credits.get.spree561", "v3.admin.store_credits.list.spree600alpha"]
    for name in names:
        shutil.copy(RECORDINGS / f"{name}.json", tmp_path)
    shutil.copy(RECORDINGS / "index.json", tmp_path)
    shutil.copy(RECORDINGS / f"{names[0]}.json", tmp_path / "v3.admin.store_credits.get.spree700.json")
    shutil.copy(RECORDINGS.parent / "platform.store_credits.retrieve.json", tmp_path)

    done = subprocess.run(
        [sys.executable, COMMAND, "--mock", "--json", tmp_path], check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    reports = json.loads(done.stdout)
    assert Counter(report["profile"] for report in reports) == {"4.5": 1, "5.6": 1, "6.0-alpha": 1}
    assert [report["own_equal"] for report in reports if "own" in report] == [1, 1]
    assert reports[1]["passed_over"] == {
        "v3.admin.store_credits.get.spree700": "the mock has no profile of this version of Spree"
    }


def test_a_folder_without_anything_is_refused(tmp_path: Path) -> None:
    shutil.copy(RECORDINGS / "sequence.json", tmp_path)
    with pytest.raises(RecordingError, match="contains no responses"):
        play(tmp_path, V5_6)
    (tmp_path / "sequence.json").write_text('{"runs": [{"run": "spree700", "script": "steps", "steps": []}]}')
    with pytest.raises(RecordingError, match="spree700"):
        play(tmp_path, V5_6)
