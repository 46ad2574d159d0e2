"""What a response repeats of its request: values are compared, not their spelling, and what differs is named."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_calls import CREDIT
from store_credit import UNSET
from store_credit._core import codec
from store_credit._core.echoes import mismatches
from store_credit._core.mismatch import MISSING, Mismatch
from store_credit._core.operation import Call, Echo, EchoKind, Operation
from store_credit.api import spree_store_credits, vinr_store_credit
from together import together

CREATE = Operation(
    "x.things.create",
    "POST",
    "/v1/things",
    creates=True,
    echoes=(
        Echo("owner", ("thing", "owner"), ("relationships", "owner", "data", "id"), "id"),
        Echo("amount", ("thing", "amount"), ("attributes", "amount"), "decimal"),
        Echo("note", ("thing", "meta", "note"), ("attributes", "meta", "note"), "text"),
    ),
)
SENT = {"thing": {"owner": "7", "amount": Decimal("25.10"), "meta": {"note": "a"}}}
RECORD: dict[str, Any] = {
    "id": "1",
    "attributes": {"amount": "25.1", "meta": {"note": "a", "other": 1}},
    "relationships": {"owner": {"data": {"id": "7", "type": "user"}}},
}


def compare(kind: EchoKind, sent: Any, received: Any) -> list[Mismatch]:
    """One value sent, one received."""
    operation = Operation("x", "POST", "/x", echoes=(Echo("value", ("value",), ("value",), kind),))
    return mismatches(operation, Call(operation, "/x", body={"value": sent}), {"value": received})


EXACT = codec.decode(b"[25.10, 0.1, 1e3, 1000.0, 100000000000000000000000.01]")

SAME: list[tuple[EchoKind, Any, Any]] = [
    ("decimal", Decimal("25.10"), "25.1"),
    ("decimal", Decimal(25), "25.00"),
    ("decimal", Decimal("25.10"), EXACT[0]),
    ("decimal", Decimal("0.1"), EXACT[1]),
    ("decimal", Decimal(1000), EXACT[2]),
    ("decimal", Decimal(25), 25),
    ("decimal", "25.0", "25"),
    ("decimal", Decimal("100000000000000000000000.01"), EXACT[4]),
    ("integer", 1000, 1000),
    ("integer", 1000, EXACT[3]),
    ("integer", 1000, EXACT[2]),
    ("integer", 0, -0.0),
    ("id", "7", "7"),
    ("id", "7", 7),
    ("id", 7, "7"),
    ("id", "cust_1", {"id": "cust_1", "email": None}),
    ("currency", "usd", "USD"),
    ("currency", "USD", "usd"),
    ("time", 1893456000, 1893456000),
    ("time", 1893456000, 1893456000.0),
    ("time", 1893456000, "2030-01-01T00:00:00.000Z"),
    ("time", "2030-01-01T02:00:00+02:00", "2030-01-01T00:00:00Z"),
    ("time", "2030-01-01T00:00:00.123456Z", "2030-01-01T00:00:00.123Z"),
    ("time", "2030-01-01T00:00:00", 1893456000),
    ("time", None, None),
    ("text", "a ", "a"),
    ("text", 5, 5),
    ("text", Decimal("1.50"), 1.5),
    ("text", True, True),
    ("text", [1, None], [1]),
    ("text", {"a": [None]}, {"a": []}),
    ("id", None, None),
]
DIFFERENT: list[tuple[EchoKind, Any, Any]] = [
    ("decimal", Decimal("25.10"), "25.11"),
    ("decimal", Decimal("0.1"), 0.1 + 1e-17 + 0.2),
    ("decimal", Decimal("100000000000000000000000.01"), 1e23),
    ("decimal", Decimal("100000000000000000000000.01"), "100000000000000000000000.02"),
    ("decimal", Decimal(25), "NaN"),
    ("decimal", Decimal(25), "2_5"),
    ("decimal", Decimal(25), " 25"),
    ("decimal", Decimal(25), "\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT FIVE}"),
    ("decimal", Decimal(1), True),
    ("decimal", Decimal(25), None),
    ("decimal", Decimal(25), ["25"]),
    ("decimal", Decimal(25), float("inf")),
    ("decimal", Decimal(25), "1e9999999"),
    ("integer", 1000, 1001),
    ("integer", 1000, "1000"),
    ("integer", 1, True),
    ("integer", 1000, 1000.5),
    ("integer", 2**53 + 1, float(2**53)),
    ("integer", 1000, None),
    ("id", "4abc", "4"),
    ("id", "cust_1", "cust_2"),
    ("id", "cust_1", {"id": "cust_2"}),
    ("id", "cust_1", {}),
    ("id", "1", True),
    ("id", "True", True),
    ("id", "7", None),
    ("id", None, "7"),
    ("currency", "USD", "EUR"),
    ("currency", "USD", None),
    ("currency", "K", "\N{KELVIN SIGN}"),
    ("time", 1893456000, 1893456001),
    ("time", 1893456000, "2030-01-01T00:00:00+01:00"),
    ("time", 1893456000, None),
    ("time", None, 1893456000),
    ("time", 1893456000, "soon"),
    ("time", 1893456000, True),
    ("time", 1893456000, 10**400),
    ("time", 1893456000, "9" * 5000),
    ("text", "a", "A"),
    ("text", "a", ""),
    ("text", "1", 1),
    ("text", 1, True),
    ("text", True, 1),
    ("text", 1.5, "1.5"),
]


@together(("kind", "sent", "received"), SAME)
def test_the_same_value_in_another_spelling_is_the_same(kind: EchoKind, sent: Any, received: Any) -> None:
    """Decimals by value, times as moments, ids by their text, a record by its id."""
    assert compare(kind, sent, received) == []


@together(("kind", "sent", "received"), DIFFERENT)
def test_another_value_is_named_with_both_sides(kind: EchoKind, sent: Any, received: Any) -> None:
    """A wrong type is another value; amounts never pass through a binary float."""
    assert compare(kind, sent, received) == [Mismatch("value", sent, received)]


@given(amount=st.decimals(min_value=0, allow_nan=False, allow_infinity=False, places=2), other=st.integers(1, 10**6))
def test_any_amount_is_itself_and_no_other(amount: Decimal, other: int) -> None:
    """As text and as a JSON number read by this package; a cent more is found."""
    for received in (str(amount), codec.decode(format(amount, "f").encode())):
        assert compare("decimal", amount, received) == []
        assert compare("decimal", amount + Decimal(other) / 100, received) != []


def test_a_whole_record_is_compared_in_the_order_of_the_document() -> None:
    """Each member by its own path, also below metadata and through a relationship."""
    call = Call(CREATE, "/v1/things", body=SENT)
    assert mismatches(CREATE, call, RECORD) == []

    wrong = {
        "attributes": {"amount": "25.2", "meta": {}},
        "relationships": {"owner": {"data": {"id": "8", "type": "user"}}},
    }
    assert mismatches(CREATE, call, wrong) == [
        Mismatch("owner", "7", "8"),
        Mismatch("amount", Decimal("25.10"), "25.2"),
        Mismatch("note", "a", MISSING),
    ]


@together("body", [None, {}, {"thing": {}}, {"thing": None}, "text", {"thing": {"meta": "text"}}])
def test_what_was_not_sent_is_not_compared(body: Any) -> None:
    """Whatever the response holds."""
    assert mismatches(CREATE, Call(CREATE, "/v1/things", body=body), RECORD) == []


@pytest.mark.parametrize("record", [{}, {"attributes": {}, "relationships": {}}, {"relationships": {"owner": {}}}])
def test_what_is_missing_is_a_mismatch_unless_less_was_asked_for(record: Any) -> None:
    """`fields[thing]=...` and `fields=...` may leave out any attribute and relationship; nothing else may."""
    everything = [Mismatch(name, sent, MISSING) for name, sent in (("owner", "7"), ("amount", Decimal("25.10")))]

    def missing(*query: tuple[str, str]) -> list[Mismatch]:
        return mismatches(CREATE, Call(CREATE, "/v1/things", list(query), SENT), record)[:2]

    assert missing() == everything
    assert missing(("include", "owner"), ("fieldset", "x")) == everything
    assert missing(("fields[thing]", "id")) == missing(("fields", "id")) == []
    assert repr(MISSING) == str(MISSING) == f"{MISSING}" == "nothing"


@pytest.mark.parametrize("data", [None, {"id": "8"}, "7"])
def test_less_asked_for_hides_no_other_owner(data: Any) -> None:
    """A relationship that is there is compared, also when it is null or no object."""
    call = Call(CREATE, "/v1/things", [("fields[thing]", "owner")], SENT)
    record = {"relationships": {"owner": {"data": data}}}

    assert [(one.name, one.sent) for one in mismatches(CREATE, call, record)] == [("owner", "7")]


@pytest.mark.parametrize("record", [{}, {"value": None}])
def test_a_null_that_was_sent_comes_back_as_null_or_not_at_all(record: Any) -> None:
    """VINR's `expires_at: null` means never, and so does its absence."""
    operation = Operation("x", "POST", "/x", echoes=(Echo("value", ("value",), ("value",), "time"),))

    assert mismatches(operation, Call(operation, "/x", body={"value": None}), record) == []


@together("record", [None, [], "text", 5])
def test_what_is_no_record_repeats_nothing(record: Any) -> None:
    """No exception comes out of the comparison."""
    assert len(mismatches(CREATE, Call(CREATE, "/v1/things", body=SENT), record)) == 3


@pytest.mark.parametrize(
    ("path", "received", "same"),
    [
        ("/v1/things/sc_1", "sc_1", True),
        ("/v1/things/4abc", "4", False),
        ("/v1/things/a%2Fb%20%C3%A9?x=/y", "a/b é", True),
        ("/v1/things/sc_1", "sc_2", False),
    ],
)
def test_an_id_of_the_path_is_compared_as_it_was_given(path: str, received: str, same: bool) -> None:
    """Without its percent-encoding."""
    operation = Operation("x", "GET", "/v1/things/{id}", echoes=(Echo("id", 3, ("id",), "id"),))
    found = mismatches(operation, Call(operation, path), {"id": received})

    assert [one.name for one in found] == ([] if same else ["id"])


@together(
    ("changed", "named"),
    [
        ({}, []),
        ({"customer": {"id": "cust_1"}}, []),
        ({"customer": "cust_2"}, ["customer"]),
        ({"customer": {"id": "cust_2"}}, ["customer"]),
        ({"amount": 777}, ["amount"]),
        ({"currency": "EUR"}, ["currency"]),
        ({"expires_at": 1893456000}, ["expires_at"]),
        ({"customer": "cust_2", "amount": 1, "currency": "EUR"}, ["customer", "amount", "currency"]),
    ],
)
def test_a_create_of_vinr_knows_its_own_record(changed: dict[str, Any], named: list[str]) -> None:
    """The generated call, with its argument's types."""
    call = vinr_store_credit._create(
        customer="cust_1",
        amount=1000,
        currency="usd",
        expires_at=None,
        expand=None,
        vinr_version=None,
        idempotency_key=None,
    )

    assert [one.name for one in mismatches(call.operation, call, {**CREDIT, **changed})] == named


def test_a_create_of_spree_knows_its_own_record() -> None:
    """Amount, currency, owner, category, issuer and the reference."""
    left_out = dict.fromkeys(
        ("type_id", "store_id", "memo", "amount_used", "amount_authorized", "originator_id", "originator_type"), UNSET
    )
    nothing = dict.fromkeys(("include", "fields", "query_currency", "locale", "request_id"))
    call = spree_store_credits._create(
        user_id=2,
        category_id="1",
        created_by_id="1",
        amount="25",
        currency="USD",
        public_metadata=UNSET,
        private_metadata={"ticket": 1},
        reference="refund-1",
        **left_out,
        **nothing,
    )
    record: dict[str, Any] = {
        "id": "9",
        "attributes": {"amount": "25.0", "currency": "USD", "private_metadata": {"ticket": 1, "reference": "refund-1"}},
        "relationships": {
            "user": {"data": {"id": "2"}},
            "created_by": {"data": {"id": "1"}},
            "store_credit_category": {"data": {"id": "1"}},
        },
    }
    assert mismatches(call.operation, call, record) == []

    other: dict[str, Any] = {
        "attributes": {"amount": "250.0", "currency": "EUR", "private_metadata": {"reference": "refund-2"}},
        "relationships": {
            "user": {"data": None},
            "created_by": {"data": {"id": "2"}},
            "store_credit_category": {"data": {"id": "2"}},
        },
    }
    assert [one.name for one in mismatches(call.operation, call, other)] == [
        "user_id",
        "category_id",
        "created_by_id",
        "amount",
        "currency",
        "reference",
    ]


@together(
    ("method", "idempotent", "creates", "repeatable", "unknown"),
    [
        ("GET", False, False, True, False),
        ("HEAD", False, False, True, False),
        ("OPTIONS", False, False, True, False),
        ("TRACE", False, False, True, False),
        ("PUT", False, False, True, False),
        ("DELETE", False, False, True, False),
        ("POST", False, True, False, True),
        ("PUT", False, True, True, True),
        ("POST", False, False, False, True),
        ("PATCH", False, False, False, True),
        ("PATCH", True, False, True, False),
        ("POST", True, False, True, False),
        ("LOCK", False, False, False, True),
    ],
)
def test_what_may_be_repeated_follows_from_the_method_and_the_document(
    method: str, idempotent: bool, creates: bool, repeatable: bool, unknown: bool
) -> None:
    """RFC 9110, 9.2.2; a PATCH only where the document says so."""
    operation = Operation("x", method, "/x", idempotent=idempotent, creates=creates)

    assert (operation.repeatable, operation.unknown_if_lost) == (repeatable, unknown)
