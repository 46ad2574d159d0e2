"""Other folders: the command's exit codes, and exchanges of shapes this repository has no recording of."""

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bootstrap import ROOT
from store_credit_mock.contract import Document
from store_credit_mock.recording import RecordingError
from store_credit_tools.replay.sdk import replay
from store_credit_tools.replay.sdk.expectations import Promises

Recorded = Callable[[str], dict[str, Any]]
Folder = Callable[..., Path]

RETRIEVE = "platform.store_credits.retrieve"


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "replay", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.takes_seconds
def test_command_ends_with_one_when_something_differs(recorded: Recorded, folder: Folder) -> None:
    altered = recorded(RETRIEVE)
    altered["response"]["status"] = 299

    done = command(folder(altered=altered))

    assert done.returncode == 1
    assert "DIFFERS  altered: /response/status: 299 is not documented" in done.stdout
    assert "1 exchanges differ" in done.stdout


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_command_ends_with_two_without_a_folder(arguments: list[str], tmp_path: Path) -> None:
    done = command(tmp_path / "nowhere", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"scripts/replay: {tmp_path / 'nowhere'} is not a folder\n"


def test_a_folder_without_exchanges_cannot_be_replayed(folder: Folder, promises: Promises) -> None:
    with pytest.raises(RecordingError, match="contains no exchange files"):
        replay(folder(index={"count": 0}, sequence={}), promises)


def test_a_file_that_is_no_json_is_named(folder: Folder, recorded: Recorded, promises: Promises) -> None:
    place = folder(fine=recorded(RETRIEVE))
    (place / "broken.json").write_text("{", "utf-8")

    with pytest.raises(RecordingError, match=r"broken\.json: the file is not valid JSON"):
        replay(place, promises)


@pytest.mark.parametrize(
    ("side", "member", "value", "message"),
    [
        ("request", "path", "platform/store_credits", "request.path"),
        ("request", "path", "/api/v2/platform/store_credits?page=2", "put the query in `query`"),
        ("request", "method", "GET ", "request.method"),
        ("request", "query", {"page": 2}, "request.query.page"),
        ("request", "headers", {"Authorization": None}, "request.headers.Authorization"),
        ("request", "headers", {"Authorization": "Bearer s\u0107cret"}, "request.headers.Authorization"),
        ("request", "headers", {"a b": "c"}, "'a b' is not a valid header name"),
        ("response", "headers", {"ETag": "a\nb"}, "response.headers.ETag"),
        ("response", "status", 100, "response.status is 100"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_member(
    side: str, member: str, value: object, message: str, recorded: Recorded, folder: Folder, promises: Promises
) -> None:
    altered = recorded(RETRIEVE)
    altered[side][member] = value

    with pytest.raises(RecordingError, match=r"altered\.json: ") as raised:
        replay(folder(altered=altered), promises)

    assert message in str(raised.value)
    assert "cret" not in str(raised.value)


def test_one_exchange_alone_is_enough(recorded: Recorded, folder: Folder, promises: Promises) -> None:
    """Neither index nor sequence, nor what the recordings tell about themselves, is needed."""
    whole = recorded(RETRIEVE)
    bare = {side: whole[side] for side in ("request", "response")}
    del bare["request"]["query"], bare["request"]["body"]

    report = replay(folder(bare=bare), promises)

    assert report.ok
    assert [one.call for one in report.exchanges] == ["spree.store_credits.retrieve"]


def answered(request: dict[str, Any], status: int, body: object, **headers: str) -> dict[str, Any]:
    return {"request": request, "response": {"status": status, "headers": headers, "body": body}}


def asked(method: str, path: str, body: object = None, **query: object) -> dict[str, Any]:
    headers = {"Accept": "*/*", "Authorization": "Bearer <token>"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    return {"method": method, "path": path, "query": query, "headers": headers, "body": body}


JSON_API = {"Content-Type": "application/vnd.api+json; charset=utf-8", "X-Request-Id": "made-up-1"}
CREDITS = "/api/v2/platform/store_credits"
CREATE = {
    "store_credit": {"user_id": "2", "category_id": 1, "created_by_id": "1", "currency": "USD", "amount": "10.10"}
}


def test_an_empty_list_comes_back(recorded: Recorded, folder: Folder, promises: Promises) -> None:
    answer = recorded("platform.store_credits.list_empty")
    answer["response"]["body"]["included"] = []

    assert replay(folder(empty=answer), promises).ok


def test_not_modified_comes_back_as_its_error(folder: Folder, promises: Promises) -> None:
    request = asked("GET", f"{CREDITS}/1")
    request["headers"]["If-None-Match"] = 'W/"0269df100c3ecdbf5e5c564be93e11a2"'
    headers = {"ETag": 'W/"0269df100c3ecdbf5e5c564be93e11a2"', "X-Request-Id": "made-up-2"}

    report = replay(folder(unchanged=answered(request, 304, None, **headers)), promises)

    assert report.exchanges[0].findings == ()
    assert report.exchanges[0].call == "spree.store_credits.retrieve"


def test_no_content_comes_back_as_none(folder: Folder, promises: Promises) -> None:
    deleted = answered(asked("DELETE", f"{CREDITS}/1"), 204, None, **{"X-Request-Id": "made-up-3"})

    assert replay(folder(deleted=deleted), promises).exchanges[0].findings == ()


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_create_without_a_trustworthy_answer_is_unknown(
    status: int, folder: Folder, document: Document, promises: Promises
) -> None:
    """The SDK raises what it must; that the document does not describe the page is another matter."""
    request = asked("POST", CREDITS, CREATE)
    answer = answered(request, status, "<html>Bad gateway</html>", **{"Content-Type": "text/html"})

    findings = replay(folder(lost=answer), promises).exchanges[0].findings

    assert {finding.drivers for finding in findings} <= {("document",)}


def test_a_page_of_html_in_place_of_a_record_is_noticed_and_nothing_breaks(folder: Folder, promises: Promises) -> None:
    """The SDK says of a create that its outcome is unknown and of a read that it failed, as it should."""
    page = ("<html>Welcome</html>", {"Content-Type": "text/html; charset=utf-8"})
    report = replay(
        folder(
            created=answered(asked("POST", CREDITS, CREATE), 201, page[0], **page[1]),
            read=answered(asked("GET", f"{CREDITS}/1"), 200, page[0], **page[1]),
            listed=answered(asked("GET", CREDITS), 200, page[0], **page[1]),
            nothing=answered(asked("GET", CREDITS), 200, None),
        ),
        promises,
    )

    for exchange in report.exchanges:
        assert {finding.drivers for finding in exchange.findings} == {("document",)}, exchange


def test_every_included_type_and_empty_relationships_come_back(
    recorded: Recorded, folder: Folder, promises: Promises
) -> None:
    whole = recorded("platform.store_credits.retrieve_include_all")
    types = {one["type"] for one in whole["response"]["body"]["included"]}
    lonely = deepcopy(whole)
    for name, relationship in lonely["response"]["body"]["data"]["relationships"].items():
        relationship["data"] = [] if name == "store_credit_events" else None
    lonely["response"]["body"]["included"] = []

    report = replay(folder(whole=whole, lonely=lonely), promises)

    assert types == {"user", "store_credit_category", "store_credit_type", "store_credit_event"}
    assert report.ok


def test_an_included_record_of_an_unknown_type_comes_back(
    recorded: Recorded, folder: Folder, promises: Promises
) -> None:
    answer = recorded("platform.store_credits.retrieve_include_all")
    stranger = {"id": "7", "type": "metafield", "attributes": {"key": "note", "included": 1}, "relationships": {}}
    answer["response"]["body"]["included"].append(stranger)

    assert replay(folder(later=answer), promises).ok


def test_bodies_recorded_as_json_text_are_typed_calls(folder: Folder, recorded: Recorded, promises: Promises) -> None:
    """A body that was noted as text and is plain JSON is what the SDK sends."""
    exchange = recorded("platform.store_credits.create_minimal")
    exchange["request"]["body"] = json.dumps(exchange["request"]["body"])

    report = replay(folder(text=exchange), promises)

    assert report.ok
    assert report.exchanges[0].reason is None


def test_large_and_small_numbers_keep_their_digits(recorded: Recorded, folder: Folder, promises: Promises) -> None:
    exchange = recorded("platform.store_credits.create_full")
    numbers = {"large": 12345678901234567890, "small": 0.1, "many": 1.0000000000000002, "negative": -2.5e-7}
    exchange["request"]["body"]["store_credit"]["private_metadata"] = numbers
    exchange["response"]["body"]["data"]["attributes"]["private_metadata"] = numbers

    assert replay(folder(numbers=exchange), promises).ok
