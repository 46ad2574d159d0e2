"""The one way to a server: over sockets, through proxies, and what is read from headers."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from http_library import httpx
from jobs_support.accounts_on_mock import NOW, Key
from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.steps import State, Step
from store_credit_jobs.systems import connect
from store_credit_jobs.systems.credentials import is_live
from store_credit_jobs.systems.http import number, retry_after
from store_credit_jobs.wire_key import wire_key
from store_credit_mock import Server

ACCOUNT = Account(name="shop", system="vinr", url="http://127.0.0.1:1", credential={"env": "KEY"})


def step(n: int) -> Step:
    """One that has just been claimed."""
    return Step(
        job="jb_1",
        n=n,
        s=1,
        key=str(n),
        action="create",
        customer="cust_8aZ2",
        minor=1250,
        currency="USD",
        payload={},
        wire=wire_key(ACCOUNT.identity, "nov", str(n)),
        attempt=1,
        first_sent=NOW,
        last_sent=NOW,
    )


def test_a_system_that_there_is_not() -> None:
    """What the configuration names is told."""
    with pytest.raises(JobsError, match="'magento' is not one of vinr, spree-v2, spree-v3"):
        connect(attrs.evolve(ACCOUNT, system="magento"), Key("sk_test_1"))


def test_it_sends_over_sockets_and_knows_what_never_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an injected client, and through a proxy of the environment that is not there: nothing can have left."""
    with Server(strict=True) as server:
        account = attrs.evolve(ACCOUNT, url=server.url)
        system = connect(account, Key("sk_test_1"))
        done = system.execute(step(1))
        assert (done.state, done.sent and done.sent.status) == (State.DONE, 201)
        assert system.check().problems == ()
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        proxied = connect(account, Key("sk_test_1"))
        refused = proxied.execute(step(2))
        assert (refused.state, refused.code) == (State.PLANNED, "not_sent")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        around = connect(account, Key("sk_test_1"))
        assert around.execute(step(2)).state is State.DONE
        assert len(list(system.credits())) == 2
    offline = system.execute(step(3))
    # The server was there a moment ago: the connection that is kept may have taken the request.
    assert offline.state in (State.PLANNED, State.UNKNOWN)
    assert system.execute(step(3)).code == "not_sent"
    never_there = connect(attrs.evolve(account, url="http://127.0.0.1:1"), Key("sk_test_1"))
    with pytest.raises(JobsError) as unreachable:
        never_there.check()
    assert unreachable.value.code == "unreachable"
    for one in (system, proxied, around, never_there):
        one.close()


@pytest.mark.parametrize("added", [{"auth": ("a", "b")}, {"headers": {"Authorization": "x"}}, {"cookies": {"a": "b"}}])
def test_an_injected_client_that_would_change_what_a_request_means_is_refused(added: dict[str, Any]) -> None:
    """Whatever stands between, the SDK sees what the given client adds."""
    with httpx.Client(**added) as client, pytest.raises(JobsError, match="http_client has"):
        connect(ACCOUNT, Key("sk_test_1"), http_client=client)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("Wed, 18 Nov 2026 11:06:50 GMT", 10.0),
        ("Wed, 18 Nov 2026 11:06:30 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("1e9", None),
        ("9" * 400, None),
        ("", None),
    ],
)
def test_how_long_a_server_asks_to_wait(value: str, seconds: float | None) -> None:
    """Seconds or a date; what is neither says nothing."""
    assert retry_after({"retry-after": value}, NOW) == seconds
    assert number({"x": value}, "x") == (7 if value == "7" else None)


@pytest.mark.parametrize(
    ("settings", "key", "live"),
    [
        ({}, "sk_live_1", True),
        ({"live": False}, "rk_live_1", True),
        ({"live": True}, "sk_test_1", False),
        ({"system": "spree-v2", "url": "https://shop.example.com"}, "token", True),
        ({"system": "spree-v2", "url": "https://shop.example.com", "live": False}, "token", False),
        ({"system": "spree-v2", "url": "http://web.localhost:3000"}, "token", False),
        ({"system": "spree-v2", "url": "http://[::1]:3000", "live": True}, "token", True),
        ({"system": "spree-v3", "url": "http://127.0.0.2"}, "sk_live_1", False),
    ],
)
def test_whether_money_is_behind_an_account(settings: dict[str, Any], key: str, *, live: bool) -> None:
    """A key of VINR's says it; else the configuration; else the address."""
    assert is_live(attrs.evolve(ACCOUNT, **settings), Key(key)) is live
