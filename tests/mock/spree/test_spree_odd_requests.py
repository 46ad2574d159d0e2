"""Whatever is sent, the mock's Spree answers by a rule and keeps its books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spreebench import CREDIT, CREDITS, SpreeBench

pytestmark = pytest.mark.takes_seconds

NAMES = [
    *CREDIT, "type_id", "store_id", "amount_used", "amount_authorized", "memo", "originator_id", "originator_type",
    "public_metadata", "private_metadata", "created_at", "updated_at", "deleted_at", "id", "colour",
]  # fmt: skip
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=20) | st.sampled_from(["1e400", "0x1", "1_0", "-0", "NaN", "9999-12-31T23:59:59+23:59", "%"])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
MEMBERS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)
BODIES = (
    MEMBERS.map(lambda members: {"store_credit": {**CREDIT, **members}})
    | MEMBERS
    | VALUES.map(lambda value: {"store_credit": value})
    | VALUES
)
FILTERS = st.sampled_from(
    [
        "amount_gteq",
        "user_id_in",
        "created_at_lt",
        "s",
        "currency_matches",
        "user_email_cont",
        "id_eq_any",
        "type_id_null",
    ]
)
QUERIES = st.dictionaries(st.sampled_from(["page", "per_page", "sort", "include", "fields[user]"]), TEXTS, max_size=3)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(
    method=st.sampled_from(["POST", "PATCH", "PUT"]),
    body=BODIES,
    query=QUERIES,
    filters=st.dictionaries(FILTERS, TEXTS, max_size=2),
    amount=VALUES,
)
def test_no_request_breaks_it(
    spree_of: Callable[..., SpreeBench],
    method: str,
    body: Any,
    query: dict[str, str],
    filters: dict[str, str],
    amount: Any,
) -> None:
    spree = spree_of(strict=False)
    spree.give()
    path = CREDITS if method == "POST" else f"{CREDITS}/1"
    assert spree.send(method, path, body, query).status in {200, 201, 400, 422, 500}
    listed = {**query, **{f"filter[{name}]": text for name, text in filters.items()}}
    assert spree.send("GET", CREDITS, None, listed).status in {200, 400}
    _, token = spree.cart("24.99")
    assert spree.apply(token, {"amount": amount}).status in {200, 422, 500}
    assert spree.control.invariants().broken == []
