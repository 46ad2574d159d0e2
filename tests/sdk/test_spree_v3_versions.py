"""Which Spree a client of API v3 talks to: as it was told, or as responses show; and what that server lacks."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from spree_v3_shop import CUSTOMER, SpreeV3Shop, V3Desk
from store_credit import ConfigurationError, InvalidArgumentError, InvalidResponseError
from store_credit._core.spree_v3_versions import FAMILIES, SIGNALS, Server, version_label
from store_credit._core.turns import Turns
from together import together
from virtual import World, calls_of

DOCUMENT = Path(__file__).parents[2] / "openapi.yaml"
CATEGORY = "sccat_UkLWZg9DAJ"


@pytest.fixture
def at() -> V3Desk:
    """A desk at an empty shop."""
    return V3Desk("sync", SpreeV3Shop(World()), World())


def test_versions_and_signals_are_the_documents() -> None:
    """Which names them."""
    # The whole document takes seconds to read.
    part = DOCUMENT.read_text("utf-8").partition("\nx-systems:\n")[2].partition("\nx-")[0]
    system = YAML(typ="safe").load(part)["spree_v3"]
    assert [one for versions in FAMILIES.values() for one in versions] == system["versions"]
    said = {name: one["versions"] for name, one in system["families"].items()}
    assert {name: list(versions) for name, versions in FAMILIES.items()} == said
    for name, one in system["families"].items():
        assert {kind: list(values) for kind, values in SIGNALS[name].items()} == {
            kind: one[kind] for kind in ("prefixes", "members")
        }


@together(
    ("given", "label"),
    [
        ("5.5", "5.5"),
        ("5.5.4", "5.5"),
        ("5.6.1", "5.6"),
        (" 5.6 ", "5.6"),
        ("6.0-alpha", "6.0-alpha"),
        ("6.0.0.alpha", "6.0-alpha"),
        ("6.0-alpha+ledger", "6.0-alpha+ledger"),
        ("6.0", "6.0"),
        ("6.0.3", "6.0"),
    ],
)
def test_a_server_may_be_named_by_its_release(given: str, label: str) -> None:
    """As it shows itself, or as the document calls it."""
    assert version_label(given) == label


@together("given", ["", "5", "5.4", "5.6.x", "5.60", "6.1", "6.0.0.beta1", "v5.6", "latest", 5.6, None])
def test_any_other_is_refused_when_the_client_is_made(at: V3Desk, given: Any) -> None:
    """With those that there are; None is no version, and nothing is known then."""
    if given is None:
        assert at.client(server=None)._settings.system.server is None
        return
    with pytest.raises(ConfigurationError, match="5.6" if isinstance(given, str) else "pass a str"):
        at.client(server=given)


def calls(client: Any) -> dict[str, Any]:
    """Methods that only some versions have."""
    return {
        "6": lambda: client.store_credits.list(),
        "6 get": lambda: client.store_credits.get("credit_UkLWZg9DAJ"),
        "6 events": lambda: client.store_credits.events.list("credit_UkLWZg9DAJ"),
        "5": lambda: client.store_credit_categories.list(),
        "5 get": lambda: client.store_credit_categories.get(CATEGORY),
    }


@together(
    ("server", "lacking"),
    [("5.5", "6"), ("5.6", "6"), ("6.0-alpha", "6 5"), ("6.0-alpha+ledger", "5"), ("6.0", "5"), (None, "")],
)
def test_a_method_that_the_server_lacks_says_which_has_it(server: str | None, lacking: str) -> None:
    """Before anything is sent; where nothing is known, nothing is refused."""
    at = V3Desk("sync", SpreeV3Shop(World()), World())
    for name, call in calls(at.client(server=server)).items():
        at.shop.requests.clear()
        if name[0] in lacking.split():
            with pytest.raises(
                ConfigurationError, match=r"exists only in Spree .*, but this client's server (is|runs)"
            ):
                call()
            assert at.shop.requests == []
        else:
            # The shop's own response is no record; what counts is that it was asked.
            with suppress(InvalidResponseError):
                call()
            assert at.shop.requests


@together(
    ("body", "family"),
    [
        ({"id": "cus_UkLWZg9DAJ"}, "5.x"),
        ({"id": "cust_UkLWZg9DAJ"}, "6.x"),
        ({"id": "credit_UkLWZg9DAJ", "customer_id": "cust_UkLWZg9DAJ"}, "6.x"),
        ({"id": "credit_UkLWZg9DAJ", "created_by_id": "admin_UkLWZg9DAJ"}, "5.x"),
        ({"id": "credit_UkLWZg9DAJ", "category_id": None}, "5.x"),
        ({"id": "credit_UkLWZg9DAJ", "amount_authorized": "0.0"}, "6.x"),
        ({"data": [{"customer_id": "cus_UkLWZg9DAJ"}], "meta": {}}, "5.x"),
        ({"data": []}, None),
        ({"id": "credit_UkLWZg9DAJ", "memo": "cus_UkLWZg9DAJ"}, None),
        ({"metadata": {"customer_id": "cus_UkLWZg9DAJ"}}, None),
        ({"customer_id": None, "id": 7}, None),
        ([], None),
        (None, None),
        ("cus_UkLWZg9DAJ", None),
    ],
)
def test_a_response_shows_the_family(body: Any, family: str | None) -> None:
    """By the ids and members that only one has; what people write shows nothing."""
    server = Server()
    server.learn(body)
    assert server.family == family
    assert server.version is None


def test_what_is_learned_refuses_what_the_whole_family_lacks(at: V3Desk) -> None:
    """And holds for the client's copies; a version that was given is not changed by any response."""
    client = at.client()
    at.create(client)
    copy = client.with_options(timeout=5)
    with pytest.raises(ConfigurationError, match=r"runs Spree 5\.x, as its responses show"):
        copy.store_credits.list()
    six = V3Desk("sync", SpreeV3Shop(World(), six=True), World())
    client = six.client()
    six.create(client, "cust_UkLWZg9DAJ")
    client.store_credits.list()
    with pytest.raises(ConfigurationError, match=r"5\.5 and 5\.6, but this client's server runs Spree 6\.x"):
        client.store_credit_categories.list()
    told = six.client(server="6.0-alpha")
    six.create(told, "cust_UkLWZg9DAJ", memo="other")
    assert told._settings.system.known.version == "6.0-alpha"


def test_a_server_that_is_upgraded_is_known_again(at: V3Desk) -> None:
    """While its clients live: what it has now is not refused any more. What shows nothing changes nothing."""
    client = at.client()
    at.create(client)
    client.store_credit_categories.list()
    at.shop.six = True
    at.create(client, memo="after the upgrade")
    client.store_credits.list()
    with pytest.raises(ConfigurationError, match=r"runs Spree 6\.x"):
        client.store_credit_categories.list()


def test_another_server_is_another_version(at: V3Desk) -> None:
    """What one shows says nothing of the next."""
    client = at.client()
    at.create(client)
    client.with_options(base_url="http://other.test").store_credits.list()


def test_an_argument_that_the_server_lacks_is_refused(at: V3Desk) -> None:
    """It would be dropped without a word."""
    with pytest.raises(InvalidArgumentError, match=r"category_id exists only in Spree 5\.5 and 5\.6"):
        at.create(at.client(server="6.0"), category_id=CATEGORY)
    at.create(at.client(server="5.6"), category_id=CATEGORY)
    at.create(at.client(), category_id=CATEGORY, memo="r")
    with pytest.raises(InvalidArgumentError, match=r"category_id must|begins with sccat_"):
        at.create(at.client(server="5.6"), category_id="credit_UkLWZg9DAJ")
    assert len(at.shop.records) == 2


def test_a_filter_that_the_server_ignores_is_refused(at: V3Desk) -> None:
    """By memo everything would be listed before the ledger."""
    client = at.client(server="5.6")
    with pytest.raises((InvalidArgumentError, ConfigurationError), match="memo"):
        client.customers.store_credits.list(CUSTOMER, filter={"memo_eq": "refund-4711"})
    assert at.shop.requests == []


def test_one_cart_is_changed_by_one_call_at_a_time() -> None:
    """Putting on, taking off and completing wait for each other; another cart does not."""
    at = V3Desk("sync", SpreeV3Shop(World()), World())
    store = at.store(customer_token="token.of.shopper")
    cart, other = "cart_UkLWZg9DAJ", "cart_gbHJdmfrXB"
    made = calls_of(
        store,
        iter(
            [
                lambda one: one.carts.store_credits.apply(cart, amount=1),
                lambda one: one.carts.store_credits.remove(cart),
                lambda one: one.carts.complete(cart),
                lambda one: one.carts.store_credits.apply(other, amount=1),
            ]
        ),
    )
    turns = Turns()
    keys = [turns.turn(call, "http://spree.test", (), None) for call in made]
    assert all(keys)
    assert len({one.key for one in keys[:3] if one}) == 1
    assert keys[3] is not None
    assert keys[0] is not None
    assert keys[3].key != keys[0].key


def test_a_store_is_chosen_where_servers_look_at_it(at: V3Desk) -> None:
    """5.x would serve the default store instead: refused before anything is sent, as is an id of another kind."""
    store = "store_gbHJdmfrXB"
    for server in ("5.5", "5.6"):
        with pytest.raises(InvalidArgumentError, match=r"store_id exists only in Spree 6\.0-alpha"):
            at.create(at.client(server=server), store_id=store)
    with pytest.raises(InvalidArgumentError, match="store_id"):
        at.create(at.client(), store_id="cus_UkLWZg9DAJ")
    assert at.shop.requests == []
    for server in ("6.0-alpha", "6.0", None):
        at.create(at.client(server=server), store_id=store)
    assert [one.headers["x-spree-store-id"] for one in at.shop.requests] == [store] * 3
