"""A replay that finds nothing must be one that would have: defects are seeded in recordings and in the SDK."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock.contract import Document
from store_credit_mock.recording import ExchangeFile, read_file
from store_credit_tools.replay.known_differences import Known
from store_credit_tools.replay.sdk import replay
from store_credit_tools.replay.sdk.compare_request import compare_request
from store_credit_tools.replay.sdk.compare_result import compare_result
from store_credit_tools.replay.sdk.expectations import Promises
from store_credit_tools.replay.sdk.reconstruct_call import typed_call
from store_credit_tools.replay.sdk.recorded_server import Server
from store_credit_tools.replay.sdk.run_call import drive

from .findings import ATTRIBUTES, BOTH, RETRIEVE, Folder, Recorded, places

# Defects of a recording: what the document says is the only other witness.


def test_a_renamed_field_is_found(recorded: Recorded, folder: Folder, document: Document, promises: Promises) -> None:
    altered = recorded(RETRIEVE)
    attributes = altered["response"]["body"]["data"]["attributes"]
    attributes["amount_spent"] = attributes.pop("amount_used")

    report = replay(folder(altered=altered), promises)

    assert not report.ok
    assert places(report)[ATTRIBUTES] == ("document",)
    assert "amount_spent" in "\n".join(report.lines())


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (RETRIEVE, 202),
        (RETRIEVE, 404),
        ("platform.store_credits.create_full", 200),
        ("platform.store_credits.retrieve_404", 410),
        ("platform.store_credits.update_404", 200),
        ("platform.store_credits.delete_unused", 200),
        ("storefront.apply.all", 422),
    ],
)
def test_another_status_is_found(
    name: str, status: int, recorded: Recorded, folder: Folder, promises: Promises
) -> None:
    altered = recorded(name)
    altered["response"]["status"] = status

    assert not replay(folder(altered=altered), promises).ok


def test_an_amount_that_is_a_number_is_found(
    recorded: Recorded, folder: Folder, document: Document, promises: Promises
) -> None:
    """The SDK reads it: the document alone says that it is a text."""
    altered = recorded(RETRIEVE)
    altered["response"]["body"]["data"]["attributes"]["amount"] = 100.5

    assert places(replay(folder(altered=altered), promises)) == {f"{ATTRIBUTES}/amount": ("document",)}


@pytest.mark.parametrize("amount", ["100,5", "", None, True])
def test_an_amount_that_is_not_one_is_found(
    amount: object, recorded: Recorded, folder: Folder, document: Document, promises: Promises
) -> None:
    """The SDK refuses the response as well."""
    altered = recorded(RETRIEVE)
    altered["response"]["body"]["data"]["attributes"]["amount"] = amount

    found = places(replay(folder(altered=altered), promises))
    assert found == {f"{ATTRIBUTES}/amount": ("document",), "/response/status": BOTH}


def test_another_content_type_is_found(
    recorded: Recorded, folder: Folder, document: Document, promises: Promises
) -> None:
    altered = recorded(RETRIEVE)
    altered["response"]["headers"]["Content-Type"] = "application/json"

    assert places(replay(folder(altered=altered), promises)) == {"/response/headers/content-type": ("document",)}


# Differences between what was recorded and what comes back: the call of a recording against an altered copy of it.


def against(promises: Promises, original: ExchangeFile, altered: ExchangeFile) -> set[str]:
    """Make the call of one exchange, and compare with the other: the sides that differ."""
    match = promises.find(original.method, original.path)
    assert match is not None
    call = typed_call(promises, original, match)
    outcome = drive(call, Server(original))
    differences = compare_request(promises, altered, match, call, outcome.sent)
    differences += compare_result(promises, altered, match, call, outcome)
    return {difference.where for difference in differences}


def numbers_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where amounts stand in JSON: numbers, and strings that look like one."""
    if isinstance(value, dict):
        return [found for name, item in value.items() for found in numbers_in(item, (*path, name))]
    if isinstance(value, list):
        return [found for number, item in enumerate(value) for found in numbers_in(item, (*path, number))]
    text = str(value)
    return [path] if not isinstance(value, bool) and text.replace(".", "", 1).lstrip("-").isdigit() else []


def with_other(value: Any, path: tuple[Any, ...]) -> Any:
    """A copy of JSON with one more than before at a path."""
    copy = deepcopy(value)
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    old = inner[path[-1]]
    inner[path[-1]] = str(Decimal(old) + 1) if isinstance(old, str) else old + 1
    return copy


@pytest.mark.parametrize(
    "name",
    [
        "platform.store_credits.create_full",
        "platform.store_credits.list_include_events",
        "platform.store_credits.retrieve_include_all",
        "storefront.apply.include_source_deep",
        "storefront.apply.all",
        "storefront.account.retrieve",
        "platform.types.list",
    ],
)
def test_any_other_number_or_amount_is_found(name: str, promises: Promises, recordings: Path) -> None:
    """Each number of a request and of a response is raised by one, one at a time, and each time that is noticed."""
    original = read_file(recordings / f"{name}.json")
    asked, answered = numbers_in(original.request_body), numbers_in(original.response_body)

    missed = [
        ("request", path)
        for path in asked
        if not against(promises, original, replace(original, request_body=with_other(original.request_body, path)))
    ]
    missed += [
        ("response", path)
        for path in answered
        if not against(promises, original, replace(original, response_body=with_other(original.response_body, path)))
    ]

    assert answered
    assert missed == []


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"method": "PUT"}, "/request/method"),
        ({"path": "/api/v2/platform/store_credits/3"}, "/request/path"),
        ({"path": "/api/v2/platform/store_credits/2/"}, "/request/path"),
        ({"query": {}}, "/request/query/include"),
        ({"query": {"include": ["store_credit_events", "user"]}}, "/request/query/include"),
        ({"request_body": {"store_credit": {"memo": "hello"}}}, "/request/body"),
        ({"request_headers": {}}, "/request/headers/authorization"),
        ({"request_headers": {"authorization": "Bearer another"}}, "/request/headers/authorization"),
        (
            {"request_headers": {"Authorization": "Bearer <token>", "X-Request-Id": "7"}},
            "/request/headers/x-request-id",
        ),
        ({"status": 404}, "/response/status"),
        ({"response_headers": {"ETag": 'W/"other"'}}, "/response/headers/ETag"),
        ({"response_headers": {"X-Request-Id": "other"}}, "/response/headers/X-Request-Id"),
    ],
)
def test_a_difference_outside_the_bodies_is_found(
    changes: dict[str, Any], where: str, promises: Promises, recordings: Path
) -> None:
    original = read_file(recordings / "platform.store_credits.retrieve_include_events.json")

    assert against(promises, original, original) == set()
    assert where in against(promises, original, replace(original, **changes))


@pytest.mark.parametrize(
    ("sent", "recorded", "equal"),
    [
        ({"amount": "10.10"}, {"amount": Decimal("10.1")}, True),
        ({"amount": 7}, {"amount": "7.00"}, True),
        ({"amount": 7}, {"amount": "7.01"}, False),
        ({"category_id": 1}, {"category_id": "1"}, True),
        ({"category_id": "01"}, {"category_id": "1"}, False),
        ({"category_id": "1.0"}, {"category_id": 1}, False),
        ({"memo": "5"}, {"memo": 5}, False),
        ({"memo": "5"}, {"memo": "5.0"}, False),
        ({"memo": None}, {}, False),
        ({"memo": None}, {"memo": ""}, False),
        ({"private_metadata": {"a": Decimal("2.50")}}, {"private_metadata": {"a": Decimal("2.5")}}, True),
        ({"private_metadata": {"a": "2.50"}}, {"private_metadata": {"a": "2.5"}}, False),
        ({"private_metadata": {"a": 1}}, {"private_metadata": {"a": True}}, False),
        ({"private_metadata": {"a": [1, 2]}}, {"private_metadata": {"a": [1]}}, False),
    ],
)
def test_what_counts_as_the_same_body(
    sent: dict[str, Any], recorded: dict[str, Any], equal: bool, promises: Promises, recordings: Path
) -> None:
    """Amounts by value, ids by text, anything else as it stands; null is not the same as nothing."""
    update = read_file(recordings / "platform.store_credits.update_memo.json")
    rest = {"currency": "USD"}
    first = replace(update, request_body={"store_credit": {**rest, **sent}})
    second = replace(update, request_body={"store_credit": {**rest, **recorded}})

    assert (against(promises, first, second) == set()) is equal


@pytest.mark.parametrize(("sent", "recorded"), [(None, {}), ({}, None)])
def test_an_empty_object_is_the_same_as_no_body(sent: Any, recorded: Any, promises: Promises, recordings: Path) -> None:
    add = read_file(recordings / "storefront.apply.all.json")

    assert against(promises, replace(add, request_body=sent), replace(add, request_body=recorded)) == set()


# Differences that are expected.


def test_an_expected_difference_does_not_fail_and_is_named(
    recorded: Recorded, folder: Folder, promises: Promises
) -> None:
    altered = recorded(RETRIEVE)
    altered["response"]["body"]["data"]["attributes"]["amount"] = 100.5
    known = Known("altered", f"{ATTRIBUTES}/amount", "the server writes numbers")

    report = replay(folder(altered=altered), promises, [known])

    assert report.ok
    assert report.as_dict()["counts"]["expected_differences"] == 1
    assert f"expected altered: {ATTRIBUTES}/amount" in "\n".join(report.lines())
    assert "the server writes numbers" in "\n".join(report.lines())


@pytest.mark.parametrize("where", [f"{ATTRIBUTES}/amoun", "/response/status", f"{ATTRIBUTES}/amount/x"])
def test_an_expectation_of_another_place_hides_nothing(
    where: str, recorded: Recorded, folder: Folder, promises: Promises
) -> None:
    altered = recorded(RETRIEVE)
    altered["response"]["body"]["data"]["attributes"]["amount"] = 100.5

    report = replay(folder(altered=altered), promises, [Known("altered", where, "no reason")])

    assert not report.ok
    assert len(report.stale) == 1


def test_an_expected_difference_that_does_not_happen_fails(
    recorded: Recorded, folder: Folder, promises: Promises
) -> None:
    known = Known("fine", f"{ATTRIBUTES}/amount", "the server forgot it")
    elsewhere = Known("in_another_folder", "", "not looked at here")

    report = replay(folder(fine=recorded(RETRIEVE)), promises, [known, elsewhere])

    assert report.stale == (known,)
    assert not report.ok
    assert "STALE    fine" in "\n".join(report.lines())
