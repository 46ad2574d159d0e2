"""A replay that finds nothing must be one that would have: defects are seeded in recordings and in the SDK."""

import asyncio
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import store_credit
from store_credit import NotFoundError, ValidationError
from store_credit._core import arguments, codec, jsonapi, pagination, raising
from store_credit._core.operation import Operation
from store_credit._core.spree import SpreeSystem
from store_credit.api import spree_checkout, spree_store_credits
from store_credit.models import SpreeStoreCredit, SpreeStoreCreditEvent
from store_credit_mock.contract import Document
from store_credit_mock.recording import ExchangeFile, read_file
from store_credit_tools.replay.known_differences import Known
from store_credit_tools.replay.report import SdkReport
from store_credit_tools.replay.sdk import replay
from store_credit_tools.replay.sdk.compare_request import compare_request
from store_credit_tools.replay.sdk.compare_result import compare_result
from store_credit_tools.replay.sdk.expectations import Promises
from store_credit_tools.replay.sdk.reconstruct_call import typed_call
from store_credit_tools.replay.sdk.recorded_server import Server
from store_credit_tools.replay.sdk.replay import replay_one
from store_credit_tools.replay.sdk.run_call import DECOY, drive

Recorded = Callable[[str], dict[str, Any]]
Folder = Callable[..., Path]

RETRIEVE = "platform.store_credits.retrieve_full"
ATTRIBUTES = "/response/body/data/attributes"


def places(report: SdkReport) -> dict[str, tuple[str, ...]]:
    """Where the exchanges of a report differ, and what found it."""
    return {finding.difference.where: finding.drivers for exchange in report.exchanges for finding in exchange.findings}


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


# Defects of the SDK.


def replayed(promises: Promises, runner: asyncio.Runner, recordings: Path, name: str) -> dict[str, tuple[str, ...]]:
    one = replay_one(promises, read_file(recordings / f"{name}.json"), runner)
    return places(SdkReport("", (one,)))


BOTH = ("sync", "async")


@pytest.fixture
def places_of(promises: Promises, runner: asyncio.Runner, recordings: Path) -> Callable[[str], dict[str, Any]]:
    """Replays one recording and gives where it differs; nowhere before a defect is seeded."""

    def run(name: str) -> dict[str, tuple[str, ...]]:
        return replayed(promises, runner, recordings, name)

    return run


PlacesOf = Callable[[str], dict[str, Any]]


def test_a_misspelt_body_field_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    encode = codec.encode
    monkeypatch.setattr(codec, "encode", lambda value: encode(value).replace('"memo"', '"note"'))

    assert places_of("platform.store_credits.update_memo") == {
        "/request/body/store_credit/memo": BOTH,
        "/request/body/store_credit/note": BOTH,
    }


def test_null_written_as_nothing_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    encode = codec.encode
    monkeypatch.setattr(codec, "encode", lambda value: encode(value).replace('"memo":null', ""))

    assert places_of("platform.store_credits.update_memo_null") == {"/request/body/store_credit/memo": BOTH}


def test_a_list_written_otherwise_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    query_list = arguments.query_list
    monkeypatch.setattr(arguments, "query_list", lambda value, name: query_list(value, name).replace(",", " "))

    assert places_of("platform.store_credits.retrieve_include_all") == {"/request/query/include": BOTH}


def test_a_lost_filter_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arguments, "query_object", lambda value, name: [])

    assert places_of("platform.store_credits.list_filter_user") == {"/request/query/filter[user_id_eq]": BOTH}


def test_the_admin_token_on_a_storefront_call_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    operation = spree_checkout._ADD_STORE_CREDIT
    monkeypatch.setattr(operation, "credential", "Bearer")

    assert places_of("storefront.apply.order_token_only") == {"/request/headers/authorization": BOTH}


def test_another_scheme_is_found_and_no_secret_is_shown(
    recordings: Path, promises: Promises, folder: Folder, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        SpreeSystem, "credential_header", lambda self, scheme, secret: (b"Authorization", f"Token {secret}".encode())
    )
    exchange = recorded(RETRIEVE)
    exchange["request"]["headers"]["Authorization"] = "Bearer something-nobody-may-see"

    report = replay(folder(one=exchange), promises)

    text = "\n".join(report.lines(verbose=True)) + repr(report.as_dict()) + repr(report)
    assert places(report) == {"/request/headers/authorization": BOTH}
    assert "nobody-may-see" not in text
    assert DECOY not in text


def test_a_second_request_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    retrieve = spree_store_credits.StoreCredits.retrieve

    def twice(self: Any, *values: Any, **named: Any) -> Any:
        retrieve(self, *values, **named)
        return retrieve(self, *values, **named)

    monkeypatch.setattr(spree_store_credits.StoreCredits, "retrieve", twice)

    assert places_of(RETRIEVE)["/request"] == ("sync",)


def test_an_argument_lost_by_the_async_client_alone_is_found(
    places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrieve = spree_store_credits.AsyncStoreCredits.retrieve

    async def without(self: Any, *values: Any, **named: Any) -> Any:
        return await retrieve(self, *values, **{**named, "include": None})

    monkeypatch.setattr(spree_store_credits.AsyncStoreCredits, "retrieve", without)

    assert places_of("platform.store_credits.retrieve_include_events") == {"/request/query/include": ("async",)}


def test_a_method_that_is_not_there_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(spree_store_credits.StoreCredits, "retrieve")

    assert places_of(RETRIEVE) == {"/request": ("sync",), "/response/status": ("sync",)}


def test_a_refusal_of_what_the_document_allows_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would otherwise pass as one of the values the SDK is right to refuse."""

    def refuse(value: object, name: str) -> Decimal:
        raise store_credit.InvalidArgumentError(f"{name} is refused")

    monkeypatch.setattr(arguments, "decimal", refuse)

    assert places_of("platform.store_credits.update_amount_number") == {"/request": ("document",)}


def test_another_error_class_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    swapped = {**raising.STATUS_ERRORS, 404: ValidationError, 422: NotFoundError}
    monkeypatch.setattr(raising, "STATUS_ERRORS", swapped)

    assert places_of("platform.store_credits.retrieve_404") == {"/response/status": BOTH}
    assert places_of("platform.store_credits.update_several_errors") == {"/response/status": BOTH}


def test_lost_messages_are_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    details = SpreeSystem.error_details
    monkeypatch.setattr(SpreeSystem, "error_details", lambda self, body: details(self, body)._replace(errors={}))

    assert places_of("lifecycle.authorised.amount_below") == {"/response/body/errors/amount_authorized": BOTH}


@pytest.mark.parametrize(
    "name", ["platform.store_credits.create_include_unknown", "platform.store_credits.create_metadata_not_object"]
)
def test_a_create_reported_as_failed_though_it_may_have_happened_is_found(
    name: str, places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The 400 about an unknown relationship by a method, the 500 by a raw request."""
    monkeypatch.setattr(Operation, "unknown_if_lost", False)

    assert places_of(name) == {"/response/status": BOTH}


def test_a_wrong_amount_in_a_model_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The JSON the record keeps is right, the attribute is not."""
    decode = SpreeStoreCredit._decode.__func__  # type: ignore[attr-defined]

    def through_a_float(cls: Any, data: Any, strict: bool = False, document: Any = None) -> Any:
        record = decode(cls, data, strict, document)
        record.amount = float(record.amount)
        return record

    monkeypatch.setattr(SpreeStoreCredit, "_decode", classmethod(through_a_float))

    assert places_of(RETRIEVE) == {f"{ATTRIBUTES}/amount": BOTH}


def test_a_time_in_another_zone_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    decode = SpreeStoreCreditEvent._decode.__func__  # type: ignore[attr-defined]

    def shifted(cls: Any, data: Any, strict: bool = False, document: Any = None) -> Any:
        record = decode(cls, data, strict, document)
        record.created_at += timedelta(hours=1)
        return record

    monkeypatch.setattr(SpreeStoreCreditEvent, "_decode", classmethod(shifted))

    found = places_of("platform.store_credits.retrieve_include_events")
    assert found["/response/body/included/0/attributes/created_at"] == BOTH


def test_a_relationship_to_another_record_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    find_related = jsonapi.Document.find

    def another(self: Any, reference: Any) -> Any:
        return find_related(self, {**reference, "id": "99"})

    monkeypatch.setattr(jsonapi.Document, "find", another)

    found = places_of("platform.store_credits.retrieve_include_all")
    assert found["/response/body/data/relationships/user/data/id"] == BOTH


def test_a_lost_record_of_a_page_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    init = pagination.NumberedPage.__init__

    def shorter(self: Any, read: Any, call: Any, client: Any) -> None:
        init(self, read, call, client)
        self.data = self.data[1:]

    monkeypatch.setattr(pagination.NumberedPage, "__init__", shorter)

    assert places_of("platform.types.list")["/response/body/data"] == ("sync",)


def test_a_lost_header_of_the_answer_is_found(places_of: PlacesOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_credit.Response, "request_id", None)

    assert places_of(RETRIEVE) == {"/response/headers/X-Request-Id": BOTH}


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
