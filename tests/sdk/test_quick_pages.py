"""Pages read with msgspec are those read without it, and the quick way is taken where it can be."""

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap import ROOT
from store_credit import MissingFieldError, Model, Resource, models
from store_credit._core import fast, readers
from store_credit._core.pagination import PageData
from store_credit._core.response import Response

pytest.importorskip("msgspec", reason="the extra `fast` is not installed")

RECORDINGS = ROOT / "tests" / "recordings"
LISTS = {
    "store_credits": models.SpreeStoreCredit,
    "store_credit_categories": models.SpreeStoreCreditCategory,
    "store_credit_types": models.SpreeStoreCreditType,
}
DOCUMENTS = {
    "store_credits": "SpreeStoreCreditList",
    "store_credit_categories": "SpreeStoreCreditCategoryList",
    "store_credit_types": "SpreeStoreCreditTypeList",
}
CREDIT = json.loads((RECORDINGS / "platform.store_credits.list_default.json").read_text("utf-8"))["response"]["body"]


def recorded_pages() -> Iterator[tuple[str, str]]:
    for path in sorted(RECORDINGS.glob("platform.*.list*.json")):
        exchange = json.loads(path.read_text("utf-8"))
        kind = exchange["request"]["path"].rpartition("/")[2]
        if exchange["response"]["status"] == 200 and kind in LISTS:
            yield path.stem, kind


PAGES = dict(recorded_pages())


def read(kind: str, content: bytes, *, quick: bool) -> PageData:
    with pytest.MonkeyPatch.context() as patch:
        if not quick:
            patch.setattr(fast, "resources", lambda model, types, content: None)
        return readers.page_of_resources(LISTS[kind], models.DOCUMENTS[DOCUMENTS[kind]])(Response(200, [], content))


def seen(record: Any, depth: int = 2) -> Any:
    """Everything that can be read of a record: its text, its JSON, and what it is related to."""
    if isinstance(record, list):
        return [seen(one, depth) for one in record]
    if not isinstance(record, Model):
        return repr(record)
    related: dict[str, Any] = {}
    for name in record._relationships if isinstance(record, Resource) and depth else ():
        try:
            related[name] = seen(getattr(record, name), depth - 1)
        except MissingFieldError as error:
            related[name] = str(error)
    return type(record).__name__, repr(record), record.to_dict(), related


def same(kind: str, body: Any) -> PageData:
    """Read a page both ways, compare, and give the one read the quick way."""
    content = json.dumps(body).encode()
    first, second = read(kind, content, quick=True), read(kind, content, quick=False)
    assert seen(first.items) == seen(second.items)
    assert first.body["meta"] == second.body["meta"]
    return first


def was_quick(page: PageData) -> bool:
    # The patient way keeps the whole JSON document.
    return "data" not in page.body


@pytest.mark.parametrize("name", PAGES)
def test_a_recorded_page_is_read_the_same_both_ways(name: str) -> None:
    """Whatever the servers sent: full, sparse, with included records, empty."""
    body = json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))["response"]["body"]

    same(PAGES[name], body)


@pytest.mark.parametrize("kind", LISTS)
def test_full_recorded_pages_are_read_the_quick_way(kind: str) -> None:
    """It would be easy to fall back every time without noticing."""
    name = next(name for name, one in PAGES.items() if one == kind and (name.endswith((".list", ".list_default"))))
    body = json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))["response"]["body"]

    assert was_quick(same(kind, body))


REMOVED = object()


def changed(path: str, value: object) -> dict[str, Any]:
    """The second of three recorded credits with one member set to something else, or removed."""
    body = copy.deepcopy(CREDIT)
    body["data"] = body["data"][:3]
    *way, last = path.split(".")
    place = body["data"][1]
    for name in way:
        place = place[name]
    place[last] = value
    if value is REMOVED:
        del place[last]
    return body


def labels(value: object) -> str:
    return "removed" if value is REMOVED else value if isinstance(value, str) and "." in value else json.dumps(value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("attributes.amount", "NaN"),
        ("attributes.amount", 12.5),
        ("attributes.amount", 7),
        ("attributes.memo", {"odd": [1.10, None]}),
        ("attributes.amount_authorized", "12345678901234567890.12"),
        ("attributes.brand_new", {"a": 1.50}),
        ("attributes.display_amount_remaining", "$1.00"),
        ("attributes.deleted_at", "2026-11-22T02:19:23.103Z"),
        ("links", {"self": "somewhere"}),
        ("relationships.user.data", None),
        ("relationships.metafields", {"data": [{"id": "4", "type": "metafield"}]}),
        ("relationships.user.meta", {"kept": True}),
        ("relationships.user.data.type", "something_new"),
        ("relationships.user.data.meta", {"kept": True}),
        ("relationships.store_credit_events.data", []),
    ],
    ids=labels,
)
def test_what_a_full_record_may_hold_is_read_the_quick_way(path: str, value: object) -> None:
    """Values that are unusual but in their place, and members this version does not know."""
    same("store_credits", changed(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("attributes.amount", REMOVED),
        ("attributes.amount", None),
        ("attributes.amount", "ten"),
        ("attributes.created_at", None),
        ("attributes.created_at", "yesterday"),
        ("attributes.created_at", "2026-11-22T02:19:23.103+02:00"),
        ("attributes.deleted_at", "2026-11-22T02:19:23.103"),
        ("relationships", REMOVED),
        ("attributes", REMOVED),
        ("attributes", []),
        ("id", 7),
        ("type", REMOVED),
        ("relationships.user", REMOVED),
        ("relationships.user", None),
        ("relationships.user", {}),
        ("relationships.user.data", []),
        ("relationships.user.data.id", 7),
        ("relationships.user.data", {"type": "store_credit", "id": "1"}),
        ("relationships.user.data", {"type": "store_credit", "id": "404"}),
        ("relationships.store_credit_events.data", None),
    ],
    ids=labels,
)
def test_what_is_out_of_place_is_read_the_patient_way(path: str, value: object) -> None:
    """One odd record does not cost the page, and is read as it is without msgspec."""
    assert not was_quick(same("store_credits", changed(path, value)))


def test_a_page_with_included_records_is_read_the_patient_way() -> None:
    """Its relationships lead to whole records."""
    body = changed("attributes.memo", "the same")
    body["included"] = [{"id": "2", "type": "user", "attributes": {"email": "a@example.com"}}]

    page = same("store_credits", body)

    assert not was_quick(page)
    assert page.items[0].user.email == "a@example.com"


def test_related_records_of_a_page_are_the_same_objects() -> None:
    """Two credits of one user have one user."""
    first, second = read("store_credits", json.dumps(CREDIT).encode(), quick=True).items[:2]

    assert first.user is second.user
    assert first.user.to_dict() == {"id": "2", "type": "user"}
    with pytest.raises(MissingFieldError, match="only the record's id and type"):
        _ = first.user.email


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_record_of_a_quick_page_can_be_copied(copied: Callable[[Any], Any]) -> None:
    """The bytes it came in go along."""
    record = read("store_credits", json.dumps(CREDIT).encode(), quick=True).items[1]

    again = copied(record)

    assert seen(again) == seen(record)
    assert again.to_dict() == CREDIT["data"][1]


def test_an_attribute_that_was_changed_is_in_the_json_again() -> None:
    """The rest of the object stays as it came."""
    record = read("store_credits", json.dumps(CREDIT).encode(), quick=True).items[0]
    record.memo = "new"

    expected = copy.deepcopy(CREDIT["data"][0])
    expected["attributes"]["memo"] = "new"
    assert record.to_dict() == expected


def test_an_expanded_customer_on_a_quick_page_keeps_what_this_version_does_not_know() -> None:
    """A record inside another finds its own JSON object too."""
    customer = {"id": "cust_1", "email": "a@example.com", "score": 1.50}
    credit = {
        "id": "sc_1",
        "customer": customer,
        "amount": 1,
        "currency": "EUR",
        "balance_remaining": 1,
        "expires_at": None,
        "created": 1795305600,
    }
    content = json.dumps({"object": "list", "data": [credit | {"customer": "cust_2"}, credit]}).encode()

    quick = fast.page(models.VinrStoreCredit, content)

    assert quick is not None
    plain, expanded = quick[1]
    assert (plain.customer, plain.to_dict()) == ("cust_2", credit | {"customer": "cust_2"})
    assert (expanded.customer.to_dict(), expanded.to_dict()) == (customer, credit)
    assert expanded.customer.score == 1.50
    assert pickle.loads(pickle.dumps(expanded.customer)).to_dict() == customer


odd = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.just([])
    | st.just({})
)


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A recorded page in which a few values, anywhere, were taken out or replaced."""
    body = copy.deepcopy(CREDIT)
    body["data"] = body["data"][: draw(st.integers(0, 3))]
    for _ in range(draw(st.integers(0, 3))):
        place: Any = body
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = place[key]
            if isinstance(inner, dict | list) and inner and draw(st.integers(0, 4)):
                place = inner
            elif place is body and key == "data":
                place = inner
                if not place:
                    break
            elif isinstance(place, dict) and draw(st.booleans()):
                del place[key]
                break
            else:
                place[key] = draw(odd)
                break
    return body


@settings(max_examples=400)
@given(body=damaged())
def test_a_damaged_page_is_read_the_same_both_ways(body: dict[str, Any]) -> None:
    """Wherever the damage is; what cannot be read at all cannot be read either way."""
    outcomes: list[Any] = []
    for quick in (True, False):
        try:
            page = read("store_credits", json.dumps(body).encode(), quick=quick)
        except ValueError:
            outcomes.append("unreadable")
        else:
            outcomes.append((seen(page.items), page.body.get("meta")))

    assert outcomes[0] == outcomes[1]
