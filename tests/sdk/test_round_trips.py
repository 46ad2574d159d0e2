"""Whatever JSON a server sends: it is read without loss, and both JSON libraries agree."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store_credit import models
from store_credit._core import readers
from store_credit._core.response import Response
from store_credit.models import SpreeStoreCredit, SpreeUser, VinrEvent, VinrStoreCredit
from together import together

RECORDINGS = Path(__file__).parents[1] / "recordings"

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["1000", "25.10", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00+02:00", "null", "true", "NaN"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
ids = st.sampled_from(["1", "2", "7"])
types = st.sampled_from(["store_credit", "user", "store_credit_event", "robot"])
identifiers = st.fixed_dictionaries({"id": ids, "type": types})


def fields(names: list[str], likely: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that have some of a model's fields, mostly of the right kind, and some that nobody knows."""
    return st.builds(
        lambda known, unknown: known | unknown,
        st.fixed_dictionaries({}, optional={name: likely.get(name, scalars) | values for name in names}),
        st.dictionaries(st.text(max_size=6), values, max_size=2),
    )


unix = st.integers(0, 2**31)
customers = st.text(max_size=8) | fields(["id", "email", "name", "created"], {"created": unix})
vinr_credits = fields(
    ["id", "customer", "amount", "currency", "balance_remaining", "expires_at", "created"],
    {"customer": customers, "amount": st.integers(), "expires_at": st.none() | unix, "created": unix},
)
attributes = fields(
    ["amount", "amount_used", "memo", "currency", "created_at", "deleted_at", "private_metadata"],
    {
        "amount": st.decimals(allow_nan=False, places=2).map(str),
        "created_at": st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    },
)
linkage = st.fixed_dictionaries(
    {}, optional={"data": identifiers | st.lists(identifiers, max_size=3) | st.none() | values}
)
resources = st.fixed_dictionaries(
    {"id": ids, "type": types},
    optional={
        "attributes": attributes,
        "relationships": st.fixed_dictionaries(
            {}, optional={"user": linkage, "created_by": linkage, "store_credit_events": linkage}
        ),
    },
)


@given(data=vinr_credits)
def test_a_plain_record_gives_back_what_came_in(data: dict[str, Any]) -> None:
    """Unknown fields, odd values and gaps included."""
    assert VinrStoreCredit.from_dict(data).to_dict() == data


@given(data=fields(["id", "type", "data", "created"], {"data": fields(["object"], {"object": vinr_credits})}))
def test_an_event_gives_back_what_came_in(data: dict[str, Any]) -> None:
    """Through two levels of records."""
    assert VinrEvent.from_dict(data).to_dict() == data


@given(data=resources)
def test_a_resource_gives_back_what_came_in(data: dict[str, Any]) -> None:
    """Attributes, relationships and what stands beside them."""
    assert SpreeStoreCredit.from_dict(data).to_dict() == data


@given(data=fields(["store_credits", "lifetime_value", "email", "created_at"], {"store_credits": st.lists(values)}))
def test_a_resource_with_lists_of_records_gives_back_what_came_in(data: dict[str, Any]) -> None:
    """Amounts by currency are records inside an attribute."""
    body = {"id": "1", "type": "user", "attributes": data}

    assert SpreeUser.from_dict(body).to_dict() == body


@given(data=resources, included=st.lists(resources, max_size=4) | values)
def test_reading_everything_changes_nothing(data: dict[str, Any], included: Any) -> None:
    """Following every relationship of a document, however odd, fails nowhere and leaves the record as it was."""
    record = SpreeStoreCredit.from_dict({"data": data, "included": included})
    for name in ("user", "created_by", "store_credit_events", "store_credit_type"):
        getattr(record, name, None)
    found = record.included
    repr(record)

    assert record.to_dict() == data
    if isinstance(included, list):
        assert len(found) == len([one for one in included if isinstance(one, dict)])


def recordings() -> list[str]:
    """The recorded responses that hold JSON:API records, by their names."""
    names: list[str] = []
    for path in sorted(RECORDINGS.glob("*.json")):
        if path.name not in ("index.json", "sequence.json"):
            body = json.loads(path.read_text("utf-8"))["response"]["body"]
            if isinstance(body, dict) and isinstance(body.get("data"), dict | list):
                names.append(path.stem)
    return names


@together("name", recordings())
def test_every_recorded_answer_gives_itself_back(name: str, recorded: Callable[[str], Any], json_library: str) -> None:
    """Whichever records it holds, after everything in it has been looked at; texts and numbers keep their digits."""
    body = recorded(name)
    types = models.DOCUMENTS["SpreeCartDocument" if name.startswith("storefront") else "SpreeOrderDocument"]
    records = body["data"] if isinstance(body["data"], list) else [body["data"]]
    for data in records:
        response = Response(200, [], json.dumps(body | {"data": data}).encode())
        record: Any = readers.document(types[data["type"]], types)(response)
        for attribute in dir(record):
            getattr(record, attribute, None)

        assert json.dumps(record.to_dict()) == json.dumps(data)
        assert [one.to_dict() for one in record.included] == body.get("included", [])
        # What was included is valid as what was asked for is.
        for one in body.get("included", []):
            alone = Response(200, [], json.dumps({"data": one}).encode())
            assert readers.document(types[one["type"]], types)(alone).to_dict() == one
        for attribute, value in data.get("attributes", {}).items():
            if isinstance(getattr(record, attribute), Decimal):
                assert str(getattr(record, attribute)) == str(value)
            elif attribute.endswith("_at") and value is not None and type(record).__name__ != "Resource":
                assert isinstance(getattr(record, attribute), datetime)
