"""Records as values: compared, copied, pickled, shown."""

import copy
import gc
import pickle
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from store_credit import UNSET, Unset, models
from store_credit._core import codec
from store_credit.models import SpreeCart, SpreeStoreCredit, VinrStoreCredit

CLONES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {n}": lambda value, n=n: pickle.loads(pickle.dumps(value, n)) for n in (2, pickle.HIGHEST_PROTOCOL)},
}


@pytest.fixture(params=CLONES)
def clone(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    """Each way to make a second one of something."""
    return CLONES[request.param]


@pytest.fixture(params=["retrieved", "of a list", "expanded", "made"])
def vinr_credit(request: pytest.FixtureRequest, serve: Callable[..., Any], credit: dict[str, Any]) -> VinrStoreCredit:
    """A record that came by each way a record can come."""
    credit["new_field"] = [1.50]
    if request.param == "expanded":
        credit["customer"] = {"id": "cust_1", "email": "ada@shop.test", "new_field": 1}
    if request.param == "made":
        return VinrStoreCredit.from_dict(credit)
    if request.param == "of a list":
        return serve({"data": [credit], "page": {"has_more": False}}).vinr().store_credit.list().data[0]
    return serve(credit).vinr().store_credit.retrieve("sc_1")


@pytest.fixture
def spree_credit(serve: Callable[..., Any], recorded: Callable[[str], Any]) -> SpreeStoreCredit:
    """A credit with everything included."""
    return serve(recorded("platform.store_credits.retrieve_include_all")).spree().store_credits.retrieve("2")


def test_a_clone_is_equal_and_another(vinr_credit: Any, clone: Callable[[Any], Any]) -> None:
    """It has every field, the unknown ones too, and a change to it stays there."""
    other = clone(vinr_credit)

    assert other is not vinr_credit
    assert other == vinr_credit
    assert other.to_dict() == vinr_credit.to_dict()
    assert other.expires_at == vinr_credit.expires_at
    assert other.new_field == [1.5]
    assert type(other) is VinrStoreCredit

    before = vinr_credit.to_dict()
    other.amount = 7
    other.expires_at = None

    assert other != vinr_credit
    assert vinr_credit.to_dict() == before


def test_a_clone_of_a_resource_leads_to_the_same_records(spree_credit: Any, clone: Callable[[Any], Any]) -> None:
    """Whether they had been read before or not."""
    _ = spree_credit.user
    other = clone(spree_credit)

    assert other == spree_credit
    assert other.user == spree_credit.user
    assert other.user.email == spree_credit.user.email
    assert [one.to_dict() for one in other.store_credit_events] == [
        one.to_dict() for one in spree_credit.store_credit_events
    ]
    assert len(other.included) == len(spree_credit.included)


def test_cycles_are_cloned_as_cycles(serve: Callable[..., Any], store_credit: Any, clone: Callable[[Any], Any]) -> None:
    """From the credit to its event and back."""
    store_credit["included"] = [
        {
            "id": "71",
            "type": "store_credit_event",
            "attributes": {},
            "relationships": {"store_credit": {"data": {"id": "7", "type": "store_credit"}}},
        }
    ]
    record = serve(store_credit).spree().store_credits.retrieve("7")
    assert record.store_credit_events[0].store_credit is record
    other = clone(record)

    assert other.store_credit_events[0].store_credit.to_dict() == record.to_dict()


def test_the_answer_behind_a_record_is_cloned_too(
    serve: Callable[..., Any], credit: dict[str, Any], clone: Callable[[Any], Any]
) -> None:
    """With request id, key and headers."""
    server = serve((201, credit, {"x-vinr-request-id": "req_1", "X-RateLimit-Remaining": "9"}))
    asked = {name: credit[name] for name in ("customer", "amount", "currency")}
    record = server.vinr().store_credit.create(**asked, idempotency_key="mine")
    answer = clone(record).last_response

    assert (answer.status_code, answer.request_id, answer.idempotency_key) == (201, "req_1", "mine")
    assert answer.headers["x-ratelimit-remaining"] == "9"
    assert answer.json() == credit


def test_unset_is_one_object(clone: Callable[[Any], Any]) -> None:
    """After copying and pickling too, so that `is UNSET` stays true."""
    assert clone(UNSET) is UNSET
    assert repr(UNSET) == "UNSET"
    assert isinstance(UNSET, Unset)


def test_a_record_of_a_list_is_pickled_without_its_neighbours(serve: Callable[..., Any], credit: Any) -> None:
    """They may be of somebody else."""
    page = {"data": [credit, credit | {"id": "sc_neighbour"}], "page": {"has_more": False, "next_cursor": None}}
    first = serve(page).vinr().store_credit.list().data[0]

    assert b"sc_neighbour" not in pickle.dumps(first)
    assert pickle.loads(pickle.dumps(first)).to_dict() == credit


def test_a_page_is_not_pickled_and_its_records_are(serve: Callable[..., Any], store_credit: Any) -> None:
    """It holds its client, which holds a credential."""
    page = serve({"data": [store_credit["data"]], "meta": {"total_pages": 1}}).spree().store_credits.list()

    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(page)
    assert pickle.loads(pickle.dumps(page.data)) == page.data


def test_records_are_equal_when_they_say_the_same(credit: dict[str, Any]) -> None:
    """Of the same class and with the same fields, unknown ones included."""
    record = VinrStoreCredit.from_dict(credit)

    assert record == VinrStoreCredit.from_dict(dict(reversed(credit.items())))
    assert record != VinrStoreCredit.from_dict(credit | {"new_field": 1})
    assert record != VinrStoreCredit.from_dict(credit | {"amount": 1})
    assert record != models.VinrCustomer.from_dict(credit)
    assert record != credit


def test_records_go_into_sets(credit: dict[str, Any], store_credit: Any) -> None:
    """By type and id; what differs in anything else is in there twice."""
    record = VinrStoreCredit.from_dict(credit)
    same = VinrStoreCredit.from_dict(credit)
    richer = VinrStoreCredit.from_dict(credit | {"amount": 2000})
    event = models.SpreeStoreCreditEvent.from_dict({"id": "7", "type": "store_credit_event"})
    resource = SpreeStoreCredit.from_dict(store_credit)

    assert hash(record) == hash(same) == hash(richer)
    assert len({record, same, richer}) == 2
    assert len({record.id: 1} | {resource.id: 2}) == 2
    assert hash(resource) == hash(SpreeStoreCredit.from_dict({"id": "7", "type": "store_credit", "attributes": {}}))
    assert hash(resource) != hash(event)
    assert {resource: "mine"}[SpreeStoreCredit.from_dict(store_credit)] == "mine"


def test_equal_records_have_equal_hashes_whatever_was_read_before(store_credit: Any) -> None:
    """Reading fills slots, and changes nothing."""
    read, unread = SpreeStoreCredit.from_dict(store_credit), SpreeStoreCredit.from_dict(store_credit)
    for name in dir(read):
        getattr(read, name, None)

    assert read == unread
    assert hash(read) == hash(unread)


def test_records_without_an_id_can_be_hashed_too() -> None:
    """Amounts by currency have none; an id that is not one counts as none."""
    dollars = {"currency": "USD", "amount": "1.0"}

    assert len({models.SpreeCurrencyAmount.from_dict(dollars), models.SpreeCurrencyAmount.from_dict(dollars)}) == 1
    assert hash(VinrStoreCredit.from_dict({"id": []})) == hash(VinrStoreCredit.from_dict({}))


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"a": [value]}
    return value


@pytest.mark.parametrize("depth", [450, 4_000])
def test_a_record_that_nests_deeply_is_a_value_all_the_same(credit: dict[str, Any], depth: int) -> None:
    """As deep as a parser can read, and far deeper."""
    body = credit | {"deep": nested(depth)}
    record = VinrStoreCredit.from_dict(body)
    same = VinrStoreCredit.from_dict(credit | {"deep": nested(depth)})
    other = VinrStoreCredit.from_dict(credit | {"deep": {"a": [nested(depth)]}})

    assert record == same
    assert record != other
    assert hash(record) == hash(same)
    assert record.to_json().count("[") == depth
    assert repr(record).startswith("VinrStoreCredit(id='sc_4Bk9mQ'")
    assert record.replace(amount=5).to_json().count("[") == depth


def test_a_deep_record_of_a_response_is_cloned(
    serve: Callable[..., Any], store_credit: Any, clone: Callable[[Any], Any]
) -> None:
    """With what is included, and with what was read of it before: deepcopy alone gives up at half this depth."""
    deep = nested(250)
    store_credit["data"]["attributes"]["private_metadata"] = deep
    store_credit["included"] = [{"id": "2", "type": "user", "attributes": {"email": "a", "deep": deep}}]
    record = serve((200, codec.encode(store_credit).encode())).spree().store_credits.retrieve("7")
    assert record.private_metadata == record.user.deep == deep
    other = clone(record)

    assert other == record
    assert other.user.deep == deep


def test_a_record_that_contains_itself_is_refused(credit: dict[str, Any]) -> None:
    """With a sentence, and not by filling the memory."""
    credit["self"] = credit
    with pytest.raises(ValueError, match="contains itself"):
        VinrStoreCredit.from_dict(credit)


def test_a_record_can_be_referred_to_weakly(credit: dict[str, Any]) -> None:
    """For caches that do not keep it alive."""
    record = VinrStoreCredit.from_dict(credit)
    reference = weakref.ref(record)
    assert reference() is record

    del record
    gc.collect()
    assert reference() is None


def test_a_record_shows_its_class_and_fields(credit: dict[str, Any], store_credit: Any) -> None:
    """Only what the response held."""
    shown = repr(VinrStoreCredit.from_dict(credit))
    assert shown.startswith("VinrStoreCredit(id='sc_4Bk9mQ', customer='cust_8aZ2', amount=1000, currency='USD'")

    sparse = SpreeStoreCredit.from_dict({"id": "7", "type": "store_credit", "attributes": {"memo": "x"}})
    assert repr(sparse) == "SpreeStoreCredit(id='7', memo='x')"
    assert repr(SpreeStoreCredit.from_dict({"id": "7", "type": "store_credit"})) == "SpreeStoreCredit(id='7')"
    assert "UNSET" not in repr(SpreeStoreCredit.from_dict(store_credit))


def test_a_secret_is_not_shown() -> None:
    """Whoever has the token of a cart may spend its user's credit."""
    cart = SpreeCart.from_dict({"id": "1", "type": "cart", "attributes": {"token": "cart-token", "number": "R1"}})

    assert cart.token == "cart-token"
    assert "cart-token" not in repr(cart)
    assert "token='***'" in repr(cart) or "token=***" in repr(cart)
    assert "cart-token" not in repr([cart])
