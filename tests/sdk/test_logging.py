"""What is logged, and that no secret is found in anything the SDK lets out of its hands."""

import copy
import gc
import io
import logging
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from http_library import httpx
from store_credit import ClientCredentials, ConfigurationError, SpreeClient, StoreCreditError, VinrClient
from store_credit._core.logs import only_plain
from store_credit._core.settings import Secret
from together import together

SECRETS = {
    "key": "sk_test_S3CRETKEY",
    "token": "S3CRETADMIN",
    "order": "S3CRETORDER",
    "customer": "S3CRETCUSTOMER",
    "header": "S3CRETHEADER",
    "client": "S3CRETCLIENT",
}


def secrets_in(text: str | bytes) -> list[str]:
    """Which of the planted secrets a text holds."""
    found = text.decode("latin-1") if isinstance(text, bytes) else text
    return [name for name, secret in SECRETS.items() if secret in found]


@pytest.fixture
def everything() -> Iterator[io.StringIO]:
    """All that any logger says, at every level."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root, ours = logging.getLogger(), logging.getLogger("store_credit")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    yield heard
    root.removeHandler(handler)
    root.setLevel(before[0])
    ours.setLevel(before[1])


def clients(server: Any) -> tuple[Any, Any]:
    """A client of each system, with every secret a client can hold."""
    headers = {"X-Api-Key-Old": "public", "Cookie": SECRETS["header"], "Proxy-Authorization": SECRETS["header"]}
    return (
        server.vinr(api_key=SECRETS["key"], headers=headers),
        server.spree(token=lambda: SECRETS["token"], headers=headers),
    )


CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "VINR create": lambda vinr, spree: vinr.store_credit.create(customer="c", amount=1, currency="USD"),
    "VINR list": lambda vinr, spree: vinr.store_credit.list(),
    "VINR raw": lambda vinr, spree: vinr.request("POST", "/v1/x?a=1", headers={"X-Api-Key": SECRETS["header"]}),
    "platform": lambda vinr, spree: spree.store_credits.retrieve("7"),
    "cart": lambda vinr, spree: spree.checkout.add_store_credit(
        order_token=SECRETS["order"], customer_token=SECRETS["customer"]
    ),
    "account": lambda vinr, spree: spree.account.retrieve(customer_token=SECRETS["customer"]),
    "raw": lambda vinr, spree: spree.request(
        "GET", f"/api/v2/storefront/cart?order_token={SECRETS['order']}", headers={"Authorization": SECRETS["header"]}
    ),
    "raw query": lambda vinr, spree: spree.request(
        "GET", "/api/v2/storefront/cart", query={"order_token": SECRETS["order"]}
    ),
    "client credentials": lambda vinr, spree: ClientCredentials(
        "id", SECRETS["client"], base_url="http://spree.test", max_retries=1
    )(),
}
OUTCOMES: dict[str, Any] = {
    "refused": (400, {"error": "no"}, {"Set-Cookie": f"session={SECRETS['header']}"}),
    "unauthorized": 401,
    "failing": 503,
    "html": (200, b"<html>"),
    "timeout": httpx.ReadTimeout("slow"),
    "no connection": httpx.ConnectError("refused"),
}


@together(
    ("call", "outcome"),
    # A raw request takes any success as it is.
    [(call, outcome) for call in CALLS for outcome in OUTCOMES if not ("raw" in call and outcome == "html")],
)
def test_no_secret_gets_out_when_a_call_fails(
    serve: Callable[..., Any], everything: io.StringIO, call: str, outcome: str
) -> None:
    """Neither into logs at any level nor into the error: its text, repr, attributes, traceback or pickle."""
    vinr, spree = clients(serve(OUTCOMES[outcome]))
    with pytest.raises(StoreCreditError) as raised:
        CALLS[call](vinr, spree)
    error = raised.value
    shown = [str(error), repr(error), repr(error.args), repr(vars(error)), *traceback.format_exception(error)]

    assert secrets_in("\n".join(shown)) == []
    if outcome != "refused":
        # The cookie of that response belongs to the raw answer, which is promised.
        assert secrets_in(pickle.dumps(error)) == []
    assert secrets_in(everything.getvalue()) == []
    assert "store_credit" in everything.getvalue()


ECHO = b"<html><pre>X-Api-Key: sk_test_S3CRETKEY Authorization: Bearer S3CRETADMIN S3CRETCUSTOMER S3CRETORDER</pre>"


@together("status", [200, 401, 502])
@together("call", ["VINR create", "platform", "cart", "account"])
def test_a_secret_that_an_answer_repeats_is_not_shown(serve: Callable[..., Any], call: str, status: int) -> None:
    """A proxy that helps with debugging shows what it was sent; the raw answer alone has it."""
    vinr, spree = clients(serve((status, ECHO)))
    with pytest.raises(StoreCreditError) as raised:
        CALLS[call](vinr, spree)
    sent = {"VINR create": ["key"], "platform": ["token"], "cart": ["order", "customer"], "account": ["customer"]}[call]
    shown = f"{raised.value} {raised.value!r} {raised.value.args} {traceback.format_exception(raised.value)}"

    assert [name for name in secrets_in(shown) if name in sent] == []


def test_an_error_while_a_client_is_made_can_be_reported() -> None:
    """With the variables of its frames, of which the half-made client is one."""
    with pytest.raises(ConfigurationError) as raised:
        VinrClient(SECRETS["key"], timeout=0)

    report = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert "timeout is 0" in "".join(report.format())


@pytest.mark.parametrize(
    "body", [b'{"access_token":"S3CRETCLIENT","tok', b'{"token":"S3CRETCLIENT"}', b'["S3CRETCLIENT"]']
)
def test_a_token_that_cannot_be_read_is_not_shown(serve: Callable[..., Any], body: bytes) -> None:
    """It is good all the same."""
    serve((200, body, {"Content-Type": "application/json"}))
    with pytest.raises(StoreCreditError) as raised:
        ClientCredentials("id", "secret-1", base_url="http://spree.test", max_retries=0)()

    assert secrets_in(f"{raised.value} {raised.value!r} {raised.value.args}") == []


MISPLACED: dict[str, Callable[[Any], Any]] = {
    "query": lambda spree: spree.request("GET", "/x", query="order_token=S3CRETORDER"),
    "query pairs": lambda spree: spree.request("GET", "/x", query=[("order_token", "S3CRETORDER", 1)]),
    "path": lambda spree: spree.request("GET", "/x y?order_token=S3CRETORDER"),
    "address": lambda spree: spree.request("GET", "http://x.test/?order_token=S3CRETORDER"),
    "header name": lambda spree: spree.request("GET", "/x", headers={"Authorization: Bearer S3CRETHEADER": ""}),
    "base URL": lambda spree: SpreeClient("https://x.test?access_token=S3CRETADMIN"),
    "swapped": lambda spree: SpreeClient("S3CRETADMIN", "https://x.test"),
    "key as address": lambda spree: VinrClient("sk_test_1", base_url="sk_test_S3CRETKEY"),
    "token with a line": lambda spree: SpreeClient("https://x.test", "S3CRETADMIN\n"),
    "order token": lambda spree: spree.checkout.add_store_credit(order_token="S3CRETORDER\n"),
    "extra header": lambda spree: spree.account.retrieve(
        customer_token="c", extra_headers={"Authorization": "Bearer S3CRETHEADER\n"}
    ),
}


@together("slip", MISPLACED)
def test_a_secret_in_the_wrong_place_is_refused_and_not_shown(serve: Callable[..., Any], slip: str) -> None:
    """The error says what is wrong without repeating it."""
    with pytest.raises(StoreCreditError) as raised:
        MISPLACED[slip](serve(200).spree())

    assert secrets_in(f"{raised.value} {raised.value!r}") == []


def test_no_secret_gets_out_when_a_call_succeeds(
    serve: Callable[..., Any], everything: io.StringIO, credit: Any, store_credit: Any
) -> None:
    """Neither in the repr nor in the pickle of what it gives, nor in what hooks are told."""
    told: list[Any] = []
    vinr = serve(credit).vinr(api_key=SECRETS["key"], event_hooks=[told.append])
    record = vinr.store_credit.retrieve("sc_1")
    spree = serve(store_credit).spree(token=SECRETS["token"], event_hooks=[told.append])
    resource = spree.store_credits.retrieve("7")
    page = serve({"data": [credit], "page": {"has_more": False}}).vinr(api_key=SECRETS["key"]).store_credit.list()

    for one in (record, resource, *page.data, record.last_response, *told):
        assert secrets_in(repr(one)) == []
        assert secrets_in(pickle.dumps(one)) == []
    assert secrets_in(repr(page) + repr(told) + everything.getvalue()) == []


def parts(root: Any) -> Iterator[Any]:
    """Everything of ours that can be reached from an object."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type | str | bytes | int | float):
            continue
        seen.add(id(one))
        yield one
        if type(one).__module__.startswith("store_credit"):
            waiting += gc.get_referents(one)


def test_no_part_of_a_client_shows_a_secret(serve: Callable[..., Any], store_credit: Any) -> None:
    """Client, settings, credential, resources, and copies."""
    vinr, spree = clients(serve(store_credit))
    spree.store_credits.retrieve("7")
    token = ClientCredentials("id", SECRETS["client"], base_url="http://spree.test")
    looked_at = 0
    for client in (vinr, spree, spree.with_options(timeout=5), token, vinr.store_credit, spree.store_credits):
        for one in parts(client):
            if type(one).__module__.startswith("store_credit"):
                looked_at += 1
                assert secrets_in(f"{one!r} {one!s}") == [], type(one)
    assert looked_at >= 8


@together("how", [pickle.dumps, copy.copy, copy.deepcopy])
def test_what_holds_a_secret_is_not_pickled(serve: Callable[..., Any], how: Callable[[Any], Any]) -> None:
    """The error says to make one in each process, and shows nothing."""
    vinr, spree = clients(serve(200))
    token = ClientCredentials("id", SECRETS["client"], base_url="http://spree.test")
    for one in (vinr, spree, token, vinr._settings.credential):
        with pytest.raises(TypeError, match="pickled") as raised:
            how(one)
        assert secrets_in(str(raised.value)) == []


def test_the_repr_of_a_client_says_which_server_it_is_for() -> None:
    """And nothing else."""
    assert repr(VinrClient("sk_test_1")) == "<VinrClient at https://sandbox.api.vinr.com>"


# Logging


def test_info_tells_answers_and_retries_and_no_body(
    serve: Callable[..., Any], caplog: pytest.LogCaptureFixture, credit: Any
) -> None:
    """One line each, with operation, attempt, status, time and request id."""
    caplog.set_level(logging.INFO, "store_credit")
    server = serve(httpx.ConnectError("refused"), 503, (200, credit, {"x-vinr-request-id": "req_1"}))
    server.vinr().store_credit.retrieve("sc_1")
    lines = [record.getMessage() for record in caplog.records if record.name == "store_credit"]

    assert len(lines) == 5
    assert lines[0].startswith("vinr.store_credit.retrieve attempt 1: ConnectError after ")
    assert lines[1].startswith("vinr.store_credit.retrieve attempt 1: ConnectError, sending again in ")
    assert lines[2].startswith("vinr.store_credit.retrieve attempt 2: 503 in ")
    assert lines[3].startswith("vinr.store_credit.retrieve attempt 2: 503, sending again in ")
    assert lines[4].startswith("vinr.store_credit.retrieve attempt 3: 200 in ")
    assert lines[4].endswith("request id req_1")
    assert "cust_8aZ2" not in "\n".join(lines)


def test_debug_adds_the_headers_with_credentials_replaced(
    serve: Callable[..., Any], caplog: pytest.LogCaptureFixture, credit: Any
) -> None:
    """Names stay, values go."""
    caplog.set_level(logging.DEBUG, "store_credit")
    serve(credit).vinr(api_key=SECRETS["key"]).store_credit.retrieve("sc_1", extra_headers={"X-Trace": "trace-1"})
    (line,) = [
        one.getMessage() for one in caplog.records if one.levelno == logging.DEBUG and one.name == "store_credit"
    ]

    assert "GET /v1/store-credit/sc_1" in line
    assert "'X-Api-Key': '***'" in line
    assert "'Accept': 'application/json'" in line
    assert "'X-Trace': '***'" in line, "what a header nobody knows holds is not for a log"


def test_headers_that_anybody_logs_through_our_logger_are_redacted(caplog: pytest.LogCaptureFixture) -> None:
    """As one argument or among several, whatever else the mapping holds."""
    caplog.set_level(logging.INFO, "store_credit")
    logger = logging.getLogger("store_credit")
    headers = {
        "Authorization": f"Bearer {SECRETS['token']}",
        "X-SPREE-ORDER-TOKEN": SECRETS["order"],
        "X-Api-Key": SECRETS["key"],
        "Age": "1",
        5: 6,
    }
    logger.info("%s", headers)
    logger.info("%s %s", "with", headers)

    assert secrets_in(caplog.text) == []
    assert caplog.text.count("'Age': '1'") == 2
    assert headers["Authorization"].endswith(SECRETS["token"])


def run(program: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STORE_CREDIT")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=True,
    )


PROGRAM = """
import httpx
from store_credit import VinrClient
credit = {"id": "sc_1", "customer": "c", "amount": 5, "currency": "USD", "balance_remaining": 5}
answer = httpx.MockTransport(lambda request: httpx.Response(200, json=credit))
VinrClient("sk_test_S3CRETKEY", http_client=httpx.Client(transport=answer)).store_credit.retrieve("sc_1")
"""


def test_each_guard_of_a_secret_works_alone() -> None:
    """Each has another one behind it, so that no call would show it missing."""
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(Secret(SECRETS["key"]))
    with pytest.raises(TypeError, match="cannot be pickled"):
        copy.copy(Secret(SECRETS["key"]))

    shown = only_plain([(b"Authorization", SECRETS["token"].encode()), (b"X-New", b"x"), (b"Accept", b"text/plain")])
    assert shown == {"Authorization": "***", "X-New": "***", "Accept": "text/plain"}


@pytest.mark.parametrize("level", [None, "debug", "INFO", "loud"])
def test_a_variable_sends_the_log_to_stderr(level: str | None) -> None:
    """Without a line of code, and without a secret. A library is silent unless asked; another value changes nothing."""
    done = run(PROGRAM, **({} if level is None else {"STORE_CREDIT_LOG": level}))

    assert done.stdout == ""
    assert ("store_credit INFO vinr.store_credit.retrieve attempt 1: 200" in done.stderr) is (
        level in ("debug", "INFO")
    )
    assert ("DEBUG" in done.stderr) is (level == "debug")
    assert bool(done.stderr) is (level in ("debug", "INFO"))
    assert secrets_in(done.stderr) == []


def test_importing_the_package_changes_nothing_global() -> None:
    """No logging is configured, no warning filter, no socket default, no event loop policy, no decimal context."""
    done = run(
        """
import asyncio, decimal, logging, signal, socket, sys, warnings
def state():
    return (
        logging.root.handlers[:], logging.root.level, logging.lastResort, warnings.filters[:],
        socket.getdefaulttimeout(), repr(decimal.getcontext()), signal.getsignal(signal.SIGINT),
        sys.excepthook, sys.getrecursionlimit(), sys.get_int_max_str_digits(),
        type(asyncio.get_event_loop_policy()),
    )
before = state()
from store_credit import *
import store_credit.webhooks, store_credit.models
VinrClient("sk_test_1"), SpreeClient("http://spree.test")
from_minor_units(1, "USD")
print(before == state())
"""
    )

    assert done.stdout == "True\n"
