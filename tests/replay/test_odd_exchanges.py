"""Whatever a file holds in place of what belongs there, the replay ends with a report."""

import asyncio
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store_credit_mock.recording import ExchangeFile, read_file
from store_credit_tools.replay.report import SdkReport
from store_credit_tools.replay.sdk.expectations import Promises
from store_credit_tools.replay.sdk.replay import replay_one

NAMES = [
    "platform.auth.no_token",
    "platform.store_credits.create_full",
    "platform.store_credits.create_include_unknown",
    "platform.store_credits.delete_unused",
    "platform.store_credits.list_include_events",
    "platform.store_credits.retrieve_include_all",
    "platform.store_credits.update_several_errors",
    "storefront.account.retrieve",
    "storefront.apply.include_source_deep",
]
ODD: list[Any] = [
    *[None, True, 0, -1, 10**30, "", "x", "1E5", "2026-13-45", [], [None], [[]], {}, [{}]],
    *[{"data": None}, {"data": []}, {"id": 1, "type": 1}, {"id": ["x"], "type": "user"}, {"error": {"message": 1}}],
]
STATUSES = [200, 201, 204, 206, 301, 304, 400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503, 599]
QUERIES: list[dict[str, Any]] = [
    *[
        {"include": []},
        {"filter": ""},
        {"filter[]": "a"},
        {"filter[a][b]": "c"},
        {"fields[a][]": ["b"]},
        {"page": " 1"},
    ],
    *[{"\u00e9 &=+%": "\u00e9 &=+%"}, {"": ""}, {"order_token": "a"}, {"filter[a][]": []}, {"sort": ["a", "b"]}],
]


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(found for name, item in members for found in places(item, (*here, name)))]


@st.composite
def odd_values(draw: st.DrawFn, value: Any) -> Any:
    """JSON with something odd in one place, or without that place."""
    place = draw(st.sampled_from(places(value)))
    new = draw(st.sampled_from(ODD))
    if not place:
        return new
    copy = deepcopy(value)
    inner = copy
    for name in place[:-1]:
        inner = inner[name]
    if draw(st.booleans()):
        inner[place[-1]] = new
    else:
        del inner[place[-1]]
    return copy


@st.composite
def odd_exchanges(draw: st.DrawFn, recordings: Path) -> ExchangeFile:
    original = read_file(recordings / f"{draw(st.sampled_from(NAMES))}.json")
    match draw(st.sampled_from(["answer", "answer", "body", "status", "query"])):
        case "answer":
            return replace(original, response_body=draw(odd_values(original.response_body)))
        case "body":
            return replace(original, request_body=draw(odd_values(original.request_body)))
        case "status":
            return replace(original, status=draw(st.sampled_from(STATUSES)))
        case _:
            return replace(original, query=draw(st.sampled_from(QUERIES)))


@pytest.mark.takes_seconds
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_replay_never_breaks(
    data: st.DataObject, promises: Promises, runner: asyncio.Runner, recordings: Path
) -> None:
    exchange = data.draw(odd_exchanges(recordings))

    one = replay_one(promises, exchange, runner)

    assert one.operation is not None
    assert list(SdkReport("folder", (one,)).lines(verbose=True))
