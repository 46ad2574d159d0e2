"""The clients of Spree's API v3: which credential goes with which call, and what is refused before anything is sent."""

import asyncio
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import pytest

import spree_v3
from http_library import httpx
from spree_v3 import CREDIT, CUSTOMER
from store_credit import (
    AuthenticationError,
    ConfigurationError,
    InvalidArgumentError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    SpreeAdminClient,
    SpreeStoreClient,
    StoreCreditError,
)
from store_credit._core.credentials import Secret
from store_credit._core.spree_v3_credentials import SpreeKeyring
from together import together

SESSION = {"token": "jwt", "user": {"id": CUSTOMER, "email": "a@example.com"}}
CART, ORDER = "cart_UkLWZg9DAJ", "or_UkLWZg9DAJ"
READS: dict[str, Callable[[Any], Any]] = {
    "customers.get": lambda admin: admin.customers.get(CUSTOMER),
    "customers.store_credits.get": lambda admin: admin.customers.store_credits.get(CUSTOMER, CREDIT["id"]),
    "store_credits.get": lambda admin: admin.store_credits.get(CREDIT["id"]),
    "store_credits.events.list": lambda admin: admin.store_credits.events.list(CREDIT["id"]),
    "orders.payments.list": lambda admin: admin.orders.payments.list("or_UkLWZg9DAJ"),
}


def credentials(request: Any) -> dict[str, str]:
    """The credentials of a request, by header."""
    names = ("x-spree-api-key", "authorization", "x-spree-token")
    return {name: request.headers[name] for name in names if name in request.headers}


def refused(client: Any, call: Callable[[Any], Any]) -> None:
    """Make a call that the server answers with 404."""
    with pytest.raises(NotFoundError):
        call(client)


@together("call", READS.values())
def test_the_admin_api_takes_a_key_or_a_staff_members_token(serve: Callable[..., Any], call: Any) -> None:
    """Whatever the depth of the resource: the key in a header of its own, the token as a bearer token."""
    server = serve((404, spree_v3.refusal("record_not_found")))
    refused(spree_v3.admin(), call)
    refused(spree_v3.admin(staff_token="jwt"), call)

    by_key, by_token = server.requests
    assert credentials(by_key) == {"x-spree-api-key": "sk_secret"}
    assert credentials(by_token) == {"authorization": "Bearer jwt"}


def test_a_client_has_a_key_or_a_token_not_both(environment: pytest.MonkeyPatch) -> None:
    """A server checks both when both are sent. One passed outweighs the environment; there, too, one alone may be."""
    with pytest.raises(ConfigurationError, match="pass only one of secret_key= and staff_token="):
        SpreeAdminClient(base_url=spree_v3.URL, secret_key="sk_secret", staff_token="jwt")
    environment.setenv("SPREE_ADMIN_KEY", "sk_environment")
    environment.setenv("SPREE_STAFF_TOKEN", "jwt")
    with pytest.raises(ConfigurationError, match="SPREE_ADMIN_KEY and SPREE_STAFF_TOKEN"):
        SpreeAdminClient(base_url=spree_v3.URL)
    SpreeAdminClient(base_url=spree_v3.URL, secret_key="sk_secret").close()


def test_the_environment_gives_what_is_not_passed(serve: Callable[..., Any], environment: pytest.MonkeyPatch) -> None:
    """The address is that of the clients of API v2."""
    environment.setenv("SPREE_URL", "http://shop.test/below")
    environment.setenv("SPREE_ADMIN_KEY", "sk_environment")
    environment.setenv("SPREE_PUBLISHABLE_KEY", "pk_environment")
    server = serve((404, spree_v3.refusal("record_not_found")))
    with SpreeAdminClient() as admin, SpreeStoreClient(customer_token="jwt") as store:
        refused(admin, READS["customers.get"])
        refused(store, lambda client: client.customer.get())

    by_admin, by_store = server.requests
    assert str(by_admin.url) == f"http://shop.test/below/api/v3/admin/customers/{CUSTOMER}"
    assert credentials(by_admin) == {"x-spree-api-key": "sk_environment"}
    assert credentials(by_store) == {"x-spree-api-key": "pk_environment", "authorization": "Bearer jwt"}


@together(
    ("given", "why"),
    [
        ({"secret_key": "pk_public"}, r"secret_key is a publishable key \(pk_...\); pass a secret key \(sk_...\)"),
        ({"secret_key": "eyJhbGciOiJI"}, "secret_key is a token, not a key"),
        ({"secret_key": "secret-without-kind"}, r"secret_key is not a secret key \(sk_...\)"),
        ({"secret_key": ""}, "secret_key is empty"),
        ({"secret_key": "sk_secret\n"}, "secret_key contains a space, a line break"),
        ({"secret_key": 5}, "secret_key is an int; pass a str"),
        ({"staff_token": "sk_secret"}, r"staff_token is a secret key \(sk_...\); pass that as secret_key="),
        ({"secret_key": "sk_secret", "server": "7.0"}, "server is '7.0'"),
    ],
)
def test_a_credential_of_another_kind_is_refused_and_not_shown(given: dict[str, Any], why: str) -> None:
    """When the client is made, and when a copy is."""
    with pytest.raises(ConfigurationError, match=why) as raised:
        SpreeAdminClient(base_url=spree_v3.URL, **given)
    assert not any(str(one) in str(raised.value) for one in given.values() if len(str(one)) > 8)


def test_a_publishable_key_is_one(serve: Callable[..., Any]) -> None:
    """A secret key never goes to a browser's API, nor a key in the place of a token."""
    server = serve(200)
    for given in ({"publishable_key": "sk_secret"}, {"customer_token": "pk_public"}, {"cart_token": "sk_secret"}):
        with pytest.raises(ConfigurationError, match=f"{next(iter(given))} is a (secret|publishable) key"):
            spree_v3.store(**given)
    with pytest.raises(InvalidArgumentError, match="customer_token is a secret key"):
        spree_v3.store().customer.get(customer_token="sk_secret")
    with pytest.raises(ConfigurationError, match="secret_key is a publishable key"):
        spree_v3.admin().with_options(secret_key="pk_public")
    with pytest.raises(ConfigurationError, match="secret_key is a publishable key"):
        spree_v3.admin().customers.get(CUSTOMER, secret_key="pk_public")
    assert not server.requests


@together(
    ("client", "call", "sent"),
    [
        ({"customer_token": "own"}, {}, {"authorization": "Bearer own"}),
        ({"cart_token": "own"}, {}, {"x-spree-token": "own"}),
        ({"customer_token": "own", "cart_token": "cart"}, {}, {"authorization": "Bearer own"}),
        ({"customer_token": "own"}, {"cart_token": "cart"}, {"x-spree-token": "cart"}),
        ({"customer_token": "own"}, {"customer_token": "other"}, {"authorization": "Bearer other"}),
        ({}, {"customer_token": "a", "cart_token": "b"}, {"authorization": "Bearer a", "x-spree-token": "b"}),
        ({"cart_token": "own"}, {"customer_token": "a"}, {"authorization": "Bearer a"}),
    ],
)
def test_a_cart_is_reached_by_the_customers_token_or_its_own(
    serve: Callable[..., Any], client: dict[str, str], call: dict[str, str], sent: dict[str, str]
) -> None:
    """The publishable key always goes with it; what is passed with a call is sent, whatever the client has."""
    server = serve((404, spree_v3.refusal("record_not_found")))
    refused(spree_v3.store(**client), lambda store: store.carts.get(CART, **call))

    assert credentials(server.request) == {"x-spree-api-key": "pk_public"} | sent


def test_what_is_missing_is_said_before_anything_is_sent(serve: Callable[..., Any]) -> None:
    """With the argument that would help."""
    server = serve(200)
    with pytest.raises(ConfigurationError, match=r"needs publishable_key= with customer_token=, .* customer_token"):
        spree_v3.store().customer.get()
    with pytest.raises(ConfigurationError, match="needs secret_key= or staff_token="):
        SpreeAdminClient(base_url=spree_v3.URL).customers.get(CUSTOMER)
    with pytest.raises(ConfigurationError, match="pass base_url= or set SPREE_URL"):
        SpreeStoreClient(publishable_key="pk_public")
    assert not server.requests


def test_a_sign_in_carries_no_more_than_it_needs(serve: Callable[..., Any]) -> None:
    """That of staff nothing, that of a customer the publishable key; and a function for tokens is not asked for it."""
    server = serve(SESSION)

    def never() -> str:
        raise AssertionError("asked for a token to sign in with")

    admin = spree_v3.admin(staff_token=never)
    admin.auth.login(email="staff@example.com", password="spree123")
    store = spree_v3.store(customer_token=never)
    store.auth.login(email="a@example.com", password="spree123")

    assert [credentials(request) for request in server.requests] == [{}, {"x-spree-api-key": "pk_public"}]


def test_a_function_gives_the_token_and_is_asked_again_after_a_401(serve: Callable[..., Any]) -> None:
    """Once for all calls until then; a copy of the client that changes nothing of it keeps what it gave."""
    given = iter(["first", "second"])
    unauthorized = (401, spree_v3.refusal("authentication_required"))
    server = serve((404, {}), (404, {}), unauthorized, (404, {}))
    admin = spree_v3.admin(staff_token=lambda: next(given))
    for _ in range(2):
        refused(admin, READS["customers.get"])
    refused(admin.with_options(timeout=5), READS["customers.get"])

    assert [request.headers["authorization"] for request in server.requests] == [
        "Bearer first",
        "Bearer first",
        "Bearer first",
        "Bearer second",
    ]


def test_an_async_function_gives_a_customers_token(serve: Callable[..., Any]) -> None:
    """It is awaited by the async client, and refused by the other one."""

    async def token() -> str:
        return "jwt"

    async def main() -> None:
        async with spree_v3.async_store(customer_token=token) as store:
            with pytest.raises(AuthenticationError):
                await store.customer.get()

    server = serve((401, spree_v3.refusal("authentication_required")))
    asyncio.run(main())

    assert credentials(server.requests[-1]) == {"x-spree-api-key": "pk_public", "authorization": "Bearer jwt"}
    with pytest.raises(ConfigurationError, match="async"):
        spree_v3.store(customer_token=token).customer.get()


def test_a_function_that_gives_a_key_is_refused() -> None:
    """By its kind, as if it had been passed."""
    with pytest.raises(ConfigurationError, match="customer_token is a secret key"):
        spree_v3.store(customer_token=lambda: "sk_secret").customer.get()
    with pytest.raises(ConfigurationError, match="customer_token and cart_token are functions"):
        spree_v3.store(customer_token=lambda: "a", cart_token=lambda: "b")


def test_a_copy_has_the_credentials_that_it_is_given_and_the_others_of_its_client(serve: Callable[..., Any]) -> None:
    """Of the Admin API, one takes the place of the other; the client itself does not change."""
    server = serve((404, {}))
    admin, store = spree_v3.admin(), spree_v3.store(customer_token="a")
    refused(admin.with_options(staff_token="jwt"), READS["customers.get"])
    refused(admin.with_options(base_url="http://other.test"), READS["customers.get"])
    refused(store.with_options(customer_token="b"), lambda client: client.customer.get())
    refused(store, lambda client: client.customer.get())

    staff, elsewhere, other, own = server.requests
    assert credentials(staff) == {"authorization": "Bearer jwt"}
    assert (elsewhere.url.host, credentials(elsewhere)) == ("other.test", {"x-spree-api-key": "sk_secret"})
    assert credentials(other) == {"x-spree-api-key": "pk_public", "authorization": "Bearer b"}
    assert credentials(own) == {"x-spree-api-key": "pk_public", "authorization": "Bearer a"}


def test_a_copy_knows_what_responses_have_shown_of_the_server(serve: Callable[..., Any]) -> None:
    """A record of 5.x says that there is no list of all credits; another server may be of another version."""
    server = serve(CREDIT, spree_v3.page())
    admin = spree_v3.admin()
    admin.customers.store_credits.get(CUSTOMER, CREDIT["id"])
    with pytest.raises(ConfigurationError, match=r"6\.0.*5\.x"):
        admin.with_options(staff_token="jwt").store_credits.list()
    admin.with_options(base_url="http://other.test").store_credits.list()

    assert len(server.requests) == 2


def test_a_raw_request_carries_the_credentials_to_its_own_api_alone(serve: Callable[..., Any]) -> None:
    """Not to the other one, and not where a path leads out of it."""
    server = serve((404, {}))
    for path in ("/api/v3/admin/products", "/api/v3/store/products", "/api/v3/admin/../store/x", "/api/v2/platform/x"):
        with pytest.raises(NotFoundError):
            spree_v3.admin().request("GET", path)
    with pytest.raises(NotFoundError):
        spree_v3.store(customer_token="jwt").request("GET", "/api/v3/store/wishlists")
    with pytest.raises(NotFoundError):
        spree_v3.store().request("GET", "/api/v3/store/products")

    own = {"X-Spree-Api-Key": "pk_other", "Authorization": "Bearer other"}
    with pytest.raises(NotFoundError):
        spree_v3.store(customer_token="jwt").request("GET", "/api/v3/store/products", headers=own)
    with pytest.raises(NotFoundError):
        spree_v3.store(customer_token="jwt").request("GET", "/api/v3/store/products", customer_token="b")
    with pytest.raises(InvalidArgumentError, match="pass it only once"):
        spree_v3.admin().request("GET", "/api/v3/admin/products", headers=own, staff_token="jwt")

    assert [bool(credentials(request)) for request in server.requests[:4]] == [True, False, False, False]
    assert credentials(server.requests[6]) == {name.lower(): value for name, value in own.items()}
    assert credentials(server.requests[7]) == {"x-spree-api-key": "pk_public", "authorization": "Bearer b"}
    assert credentials(server.requests[4]) == {"x-spree-api-key": "pk_public", "authorization": "Bearer jwt"}
    assert credentials(server.requests[5]) == {"x-spree-api-key": "pk_public"}


def test_what_a_lost_request_keeps_holds_no_credential(serve: Callable[..., Any]) -> None:
    """Not those that the caller wrote into headers either: the error is made to be stored."""
    serve(httpx.ReadTimeout("lost"))
    own = {"X-Spree-Api-Key": "pk_hide-me", "X-Spree-Token": "hide-me", "X-Shop": "kept"}
    with pytest.raises(OutcomeUnknownError) as raised:
        spree_v3.store().request("POST", "/api/v3/store/carts", headers=own)

    assert raised.value.sent is not None
    assert dict(raised.value.sent.headers) == {b"X-Shop": b"kept"}
    assert b"hide-me" not in pickle.dumps(raised.value)


def test_the_shoppers_of_one_key_share_its_rate_limit(serve: Callable[..., Any], waits: list[float]) -> None:
    """The server counts by publishable key: once it has refused one shopper, the next waits for the same gate."""
    limited = (429, spree_v3.refusal("rate_limit_exceeded"), {"Retry-After": "60"})
    serve(limited, (404, {}))
    store = spree_v3.store(max_rate_limit_wait=90)
    refused(store, lambda client: client.customer.get(customer_token="a"))
    first = sum(waits)
    one, other = (
        SpreeKeyring({"publishable_key": Secret("pk_public"), "customer_token": Secret(name)}) for name in ("a", "b")
    )
    gates = store._settings.gates

    assert first >= 60
    assert gates.gate(one, writes=False) is gates.gate(other, writes=False)
    assert gates.gate(one, writes=False).rate is not None


@together(
    ("make", "call"),
    [
        (lambda: spree_v3.admin(secret_key="sk_hide-me-1"), READS["customers.get"]),
        (lambda: spree_v3.admin(staff_token="hide-me-1"), READS["customers.get"]),
        (lambda: spree_v3.store(customer_token=lambda: "hide-me-1"), lambda store: store.customer.get()),
        (
            lambda: spree_v3.store(publishable_key="pk_hide-me-1", cart_token="hide-me-1"),
            lambda store: store.carts.get(CART, customer_token="hide-me-2", cart_token="hide-me-1"),
        ),
    ],
)
def test_no_secret_is_shown(
    serve: Callable[..., Any], caplog: pytest.LogCaptureFixture, make: Callable[[], Any], call: Callable[[Any], Any]
) -> None:
    """Not in a repr, a log, an error whose server repeats it, or the locals of a traceback."""
    caplog.set_level("DEBUG", logger="store_credit")
    client = make()
    server = serve(
        (403, spree_v3.refusal("access_denied", "not with pk_hide-me-1 or sk_hide-me-1, hide-me-1, hide-me-2"))
    )
    with pytest.raises(PermissionDeniedError) as raised:
        call(client)
    frames = traceback.TracebackException.from_exception(raised.value, capture_locals=True).stack
    ours = [frame.locals for frame in frames if frame.locals and "src/store_credit" in frame.filename]
    settings = client._settings

    assert ours
    for shown in (client, vars(client), settings.credential, settings.credential.given, settings.credential.current):
        assert "hide-me" not in repr(shown)
    assert "hide-me" not in caplog.text
    assert "hide-me" not in "".join(map(repr, ours))
    # Those of the call; others are the server's own words.
    sent = [value.removeprefix("Bearer ") for value in credentials(server.request).values()]
    assert not any(one in raised.value.message for one in sent)


@together("before", [100, 190, 890, 990])
def test_a_secret_that_is_repeated_is_not_shown_in_part_either(serve: Callable[..., Any], before: int) -> None:
    """Where the text of a server or proxy is cut, half a token would stand; a password is one of them."""
    token, password = "eyJ0eXAi." + 40 * "half-a-token", 20 * "half-a-password"
    text = before * "-" + token + " " + password
    refusal: Any = (422, spree_v3.refusal("validation_error", text))
    for response in (refusal, (502, text.encode()), (200, text.encode())):
        for mine, client, call in (
            ("half-a-token", spree_v3.store(customer_token=token), lambda client: client.customer.get()),
            ("half-a-pass", spree_v3.store(), lambda client: client.auth.login(email="a@b.test", password=password)),
            ("half-a-token", spree_v3.admin(staff_token=token), lambda client: client.orders.complete(ORDER)),
        ):
            serve(response)
            with pytest.raises(StoreCreditError) as raised:
                call(client.with_options(max_retries=0))
            assert mine not in f"{raised.value} {raised.value!r}"
