"""Ids of Spree's API v3: their prefixes are checked before sending, and numbers of API v2 become ids offline."""

import json
from pathlib import Path
from typing import Any

import pytest

from spree_v3_shop import CREATE, CUSTOMER, SpreeV3Shop, V3Desk
from store_credit import ConfigurationError, InvalidArgumentError, spree_id
from store_credit._core.id_prefixes import check_id
from together import together
from virtual import World

CREDIT = "credit_UkLWZg9DAJ"

# By kind, the numbers of records as the recorded runs made them, with the ids that the servers gave them.
RECORDED = {
    ("customer", "5.6"): {1: "cus_UkLWZg9DAJ", 2: "cus_gbHJdmfrXB", 3: "cus_EfhxLZ9ck8", 4: "cus_VqXmZF31wY"},
    ("customer", "6.0-alpha"): {5: "cust_uw2YK1rnl0", 6: "cust_OIJLhNcSbf", 1: "cust_UkLWZg9DAJ"},
    ("customer", "5.5.4"): {1: "cus_UkLWZg9DAJ"},
    ("staff", "5.6.1"): {1: "admin_UkLWZg9DAJ"},
    ("staff", "6.0"): {1: "adm_UkLWZg9DAJ"},
    ("store_credit", None): {1: CREDIT, 2: "credit_gbHJdmfrXB", 3: "credit_EfhxLZ9ck8"},
    ("order", None): {1: "or_UkLWZg9DAJ"},
    ("cart", None): {1: "cart_UkLWZg9DAJ", 2: "cart_gbHJdmfrXB"},
    ("category", None): {1: "sccat_UkLWZg9DAJ"},
    ("variant", None): {1: "variant_UkLWZg9DAJ", 2: "variant_gbHJdmfrXB"},
    ("gift_card", None): {1: "gc_UkLWZg9DAJ"},
    ("webhook_endpoint", None): {1: "whe_UkLWZg9DAJ"},
}


def test_numbers_become_the_ids_that_servers_gave() -> None:
    """As ints and as the texts that API v2 has, on each version."""
    for (kind, server), ids in RECORDED.items():
        for number, known in ids.items():
            assert spree_id(kind, number, server=server) == known
            assert spree_id(kind, str(number), server=server) == known
    assert spree_id("user", 1, server="5.6") == spree_id("customer", 1, server="5.6")
    assert spree_id("credit", 1, server="6.0") == CREDIT


def test_every_recorded_id_comes_from_a_number() -> None:
    """Those of all records that the recorded runs name, where the recordings are in the repository."""
    script = Path(__file__).parents[1] / "recordings" / "spree-v3" / "sequence.json"
    if not script.exists():
        pytest.skip("the script of the recordings is not here yet")
    from sqids import Sqids

    kinds = {"credit_": "credit", "cart_": "cart", "or_": "order", "py_": "payment", "gc_": "gift_card"}
    sqids = Sqids(min_length=10)
    for ids in json.loads(script.read_text("utf-8"))["ids"].values():
        for known in ids.values():
            prefix, _, rest = known.partition("_")
            (number,) = sqids.decode(rest)
            assert sqids.encode([number]) == rest
            if f"{prefix}_" in kinds:
                assert spree_id(kinds[f"{prefix}_"], number) == known


@together(
    ("kind", "number", "server", "said"),
    [
        ("customer", 1, None, r"'cus_' on Spree 5\.x and 'cust_' on Spree 6\.x; pass server="),
        ("custmer", 1, "5.6", "did you mean 'customer'"),
        ("credit", 0, None, "from 1 to 9223372036854775807"),
        ("credit", -1, None, "from 1 to 9223372036854775807"),
        ("credit", 2**63, None, "from 1 to 9223372036854775807"),
        ("credit", True, None, "a bool"),
        ("credit", 1.0, None, "a float"),
        ("credit", "credit_UkLWZg9DAJ", None, "database number"),
        ("credit", "٣", None, "database number"),
        ("credit", "9" * 5000, None, "database number"),
    ],
)
def test_what_is_no_number_is_refused(kind: str, number: Any, server: Any, said: str) -> None:
    """With what to pass instead."""
    with pytest.raises(InvalidArgumentError, match=said):
        spree_id(kind, number, server=server)


def test_a_version_that_is_not_known_is_refused() -> None:
    """Its prefix may be another one."""
    with pytest.raises(ConfigurationError, match=r"did you mean '5\.6'"):
        spree_id("customer", 1, server="5.7")


@together(
    "given",
    [
        "credit_UkLWZg9DAJ",
        "customer_UkLWZg9DAJ",
        "CUS_UkLWZg9DAJ",
        " cus_UkLWZg9DAJ",
        "UkLWZg9DAJ",
        "cus_",
        "cus_42",
        "cus_UkLWZg9DA",
        "cus_UkLWZg9DAJ\n",
        "cus_UkLWZg9DAJ/store_credits",
        "cus_UkLWZg9DAJ?x",
        "cus_cus_UkLWZg9DAJ",
        "cus_UkLWZg9DÄJ",
        "1",
        1,
        "",
        "..",
    ],
)
def test_an_id_that_is_no_customers_is_not_sent(given: Any) -> None:
    """Spree 5.6.1 takes the number behind any prefix, and would credit whoever has it."""
    at = V3Desk("sync", SpreeV3Shop(World()), World())
    client = at.client()
    for call in (
        lambda: client.customers.store_credits.create(given, **CREATE),
        lambda: client.customers.store_credits.list(given),
        lambda: client.customers.store_credits.delete(given, CREDIT),
        lambda: client.customers.get(given),
    ):
        with pytest.raises(InvalidArgumentError, match=r"customer_id|^id is|a record"):
            call()
    assert at.shop.requests == []


def test_every_id_of_every_method_is_checked() -> None:
    """Wherever a path has a parameter, also those of other kinds than the customer's."""
    at = V3Desk("sync", SpreeV3Shop(World()), World())
    client, store = at.client(), at.store(customer_token="token.of.shopper")
    cart, order, payment = "cart_UkLWZg9DAJ", "or_UkLWZg9DAJ", "py_UkLWZg9DAJ"
    for call in (
        lambda: client.customers.store_credits.get(CUSTOMER, CUSTOMER),
        lambda: client.customers.store_credits.update(CUSTOMER, order, memo="x"),
        lambda: client.customers.store_credits.delete(CUSTOMER, payment),
        lambda: client.customers.store_credits.create(CUSTOMER, **CREATE, category_id=CREDIT),
        lambda: client.store_credits.get(CUSTOMER),
        lambda: client.store_credits.events.list(order),
        lambda: client.orders.get(cart),
        lambda: client.orders.complete(cart),
        lambda: client.orders.cancel(cart),
        lambda: client.orders.payments.list(payment),
        lambda: client.orders.payments.capture(order, order),
        lambda: client.orders.payments.void(order, order),
        lambda: client.orders.store_credits.apply(cart, amount=1),
        lambda: client.orders.store_credits.remove(cart),
        lambda: client.store_credit_categories.get(CREDIT),
        lambda: store.carts.get(order),
        lambda: store.carts.complete(order),
        lambda: store.carts.store_credits.apply(order, amount=1),
        lambda: store.carts.store_credits.remove(order),
        lambda: store.customer.store_credits.get(cart),
    ):
        with pytest.raises(InvalidArgumentError, match="pass an id that begins with"):
            call()
    assert at.shop.requests == []


def test_records_are_taken_for_their_ids() -> None:
    """And one of another kind is refused like its id."""
    at = V3Desk("sync", SpreeV3Shop(World()), World())
    client = at.client()
    credit = at.create(client)
    client.customers.store_credits.delete(CUSTOMER, credit)
    assert at.shop.records == []
    with pytest.raises(InvalidArgumentError, match="customer_id is 'credit_"):
        client.customers.store_credits.list(credit)


def test_an_id_is_shown_cut() -> None:
    """It may be anything."""
    with pytest.raises(InvalidArgumentError) as raised:
        check_id("x" * 10_000, "customer_id", ("cus_",))
    assert len(str(raised.value)) < 300
