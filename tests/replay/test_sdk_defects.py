"""A replay that finds nothing must be one that would have: defects are seeded in the SDK."""

import asyncio
from collections.abc import Callable
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
from store_credit_mock.recording import read_file
from store_credit_tools.replay.report import SdkReport
from store_credit_tools.replay.sdk import replay
from store_credit_tools.replay.sdk.expectations import Promises
from store_credit_tools.replay.sdk.replay import replay_one
from store_credit_tools.replay.sdk.run_call import DECOY

from .findings import ATTRIBUTES, BOTH, RETRIEVE, Folder, Recorded, places


def replayed(promises: Promises, runner: asyncio.Runner, recordings: Path, name: str) -> dict[str, tuple[str, ...]]:
    one = replay_one(promises, read_file(recordings / f"{name}.json"), runner)
    return places(SdkReport("", (one,)))


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
