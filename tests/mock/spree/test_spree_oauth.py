"""The token endpoint: what the recordings do not show of it. The recorded steps are in the replay."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from spreebench import ADMIN, CREDITS, SpreeBench
from store_credit_mock import Engine, Options, Request, Response
from store_credit_mock.storage import open_storage
from store_credit_mock.systems.call import FixturesError
from store_credit_mock.systems.control_route import ControlError

ACCOUNT = "/api/v2/storefront/account"
APP = {"client_id": "back-office-test-id", "client_secret": "back-office-test-secret"}
ALICE = {"grant_type": "password", "username": "Alice@Example.com", "password": "spree123"}
ADA = {**ALICE, "username": "admin@example.com", "scope": "admin"}


def ask(bench: SpreeBench, name: str, headers: dict[str, str] | None = None, /, **form: str) -> Response:
    """Send a form to one of the two endpoints."""
    sent = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    return bench.engine.handle(Request.build("POST", f"/spree_oauth/{name}", sent, urlencode(form).encode()))


def grant(bench: SpreeBench, **form: str) -> dict[str, Any]:
    """Get a token that must be given."""
    response = ask(bench, "token", **form)
    assert response.status == 200, response.body
    return json.loads(response.body)


def renew(bench: SpreeBench, refresh: str, **form: str) -> dict[str, Any]:
    return grant(bench, grant_type="refresh_token", refresh_token=refresh, **form)


def opened(bench: SpreeBench, path: str, token: str) -> tuple[int, str]:
    """Status and error of a read with a token."""
    response = bench.send("GET", path, token=token)
    return response.status, json.loads(response.body).get("error", "")


def error(response: Response) -> tuple[int, str]:
    return response.status, json.loads(response.body)["error"]


@pytest.mark.parametrize(("profile", "life"), [("4.5", 7200), ("4.10", 2629746), ("5.3", 2629746)])
def test_a_token_lives_as_long_as_it_says(spree_of: Callable[..., SpreeBench], profile: str, life: int) -> None:
    bench = spree_of(profile=profile)
    bench.control.freeze()
    made = grant(bench, grant_type="client_credentials", scope="admin", **APP)
    assert list(made) == ["access_token", "token_type", "expires_in", "scope", "created_at"]
    assert (made["expires_in"], made["created_at"]) == (life, bench.control.clock().now // 1000)

    bench.control.advance(life - 1)
    assert opened(bench, CREDITS, made["access_token"]) == (200, "")
    bench.control.advance(1)
    assert opened(bench, CREDITS, made["access_token"]) == (401, "The access token expired")


def test_a_users_token_opens_what_the_user_may_use(spree: SpreeBench) -> None:
    """Without a client the storefront alone; with one, the Platform API to an admin."""
    shopper = grant(spree, **ALICE)["access_token"]
    assert opened(spree, ACCOUNT, shopper)[0] == 200
    assert opened(spree, CREDITS, shopper) == (401, "Doorkeeper::Errors::DoorkeeperError")
    customer = grant(spree, **{**ALICE, "scope": "admin"}, **APP)["access_token"]
    assert opened(spree, CREDITS, customer) == (401, "You are not authorized to access this page.")
    assert opened(spree, CREDITS, grant(spree, **ADA, **APP)["access_token"])[0] == 200


@pytest.mark.parametrize("where", ["memory", "file", "postgresql"])
@pytest.mark.parametrize("first_use", [CREDITS, ACCOUNT])
def test_the_old_token_ends_when_the_new_one_is_first_used(
    where: str, first_use: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Even if that is a read, which has to write for it; until then both are good, and so is the refresh token."""
    addresses = {"memory": lambda: None, "file": lambda: str(tmp_path / "mock.db")}
    address = addresses.get(where, lambda: request.getfixturevalue("database"))()
    storage = None if address is None else open_storage(address)
    with closing(Engine(storage=storage, options=Options(seed=1, spree_token=ADMIN))) as engine:
        bench = SpreeBench(engine)
        old = grant(bench, **ADA, **APP)
        bench.control.advance(10_000)
        assert opened(bench, CREDITS, old["access_token"]) == (401, "The access token expired")

        lost = renew(bench, old["refresh_token"], **APP)
        new = renew(bench, old["refresh_token"], **APP)
        assert (new["scope"], new["expires_in"]) == ("admin", 7200)
        assert len({one[name] for one in (old, lost, new) for name in ("access_token", "refresh_token")}) == 6
        assert opened(bench, first_use, new["access_token"])[0] == 200
        again = ask(bench, "token", grant_type="refresh_token", refresh_token=old["refresh_token"], **APP)
        assert error(again) == (400, "invalid_grant")
        assert opened(bench, CREDITS, old["access_token"]) == (401, "The access token was revoked")
        assert opened(bench, first_use, new["access_token"])[0] == 200


BASIC = {"Authorization": "Basic " + base64.b64encode(b"reader-test-id:reader-test-secret").decode()}
CLIENT = {"grant_type": "client_credentials"}
REFUSED = [
    ({}, CLIENT, (401, "invalid_client")),
    ({}, {**CLIENT, "client_id": APP["client_id"]}, (401, "invalid_client")),
    ({}, {**CLIENT, **APP, "client_id": "nobody"}, (401, "invalid_client")),
    ({}, {**CLIENT, **APP}, (400, "invalid_scope")),  # an application with scopes has to name one
    ({}, {**CLIENT, **APP, "scope": "admin read"}, (400, "invalid_scope")),
    (BASIC, {**CLIENT, "scope": "admin"}, (400, "invalid_scope")),
    ({}, {**ALICE, "client_id": "nobody"}, (401, "invalid_client")),
    ({}, {**ALICE, "username": "nobody@example.com"}, (400, "invalid_grant")),
    ({}, {**ALICE, "password": "SPREE123"}, (400, "invalid_grant")),
    ({}, {**ALICE, "scope": "root"}, (400, "invalid_scope")),
    ({}, {"grant_type": "refresh_token"}, (400, "invalid_request")),
    ({}, {"grant_type": " "}, (400, "invalid_request")),
    ({}, {"grant_type": "device_code"}, (400, "unsupported_grant_type")),
]


@pytest.mark.parametrize("strict", [True, False])
def test_what_is_refused_says_why_twice(spree_of: Callable[..., SpreeBench], strict: bool) -> None:
    """In the body, and in the challenge."""
    bench = spree_of(strict=strict)
    for headers, form, expected in REFUSED:
        response = ask(bench, "token", headers, **form)
        assert error(response) == expected, form
        assert f'error="{expected[1]}"' in (response.header("www-authenticate") or "")
        assert response.header("cache-control") == "no-store"


def test_the_client_may_come_by_basic(spree: SpreeBench) -> None:
    """And goes before one in the body."""
    response = ask(spree, "token", BASIC, **CLIENT, **APP, scope="read")
    assert json.loads(response.body)["scope"] == "read"


def test_a_refresh_is_for_the_same_application_and_no_more_scopes(spree: SpreeBench) -> None:
    refresh = grant(spree, **{**ALICE, "scope": "read write"}, client_id="read-write-test-id",
                    client_secret="read-write-test-secret")["refresh_token"]  # fmt: skip
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    own = {"client_id": "read-write-test-id", "client_secret": "read-write-test-secret"}
    assert error(ask(spree, "token", **form)) == (400, "invalid_grant")
    assert error(ask(spree, "token", **form, **APP)) == (400, "invalid_grant")
    assert error(ask(spree, "token", **form, **{**own, "client_secret": "x"})) == (401, "invalid_client")
    assert error(ask(spree, "token", **form, **own, scope="admin")) == (400, "invalid_scope")
    assert renew(spree, refresh, **own, scope="read")["scope"] == "read"
    # One that was given without a client asks for none.
    assert "scope" not in renew(spree, grant(spree, **ALICE)["refresh_token"])


def test_revoking(spree: SpreeBench) -> None:
    """A token of an application is ended by that application alone; what is not there counts as ended."""
    token = grant(spree, **CLIENT, **APP, scope="admin")["access_token"]
    for client in ({}, {"client_id": "reader-test-id", "client_secret": "reader-test-secret"}):
        refused = ask(spree, "revoke", token=token, **client)
        assert error(refused) == (403, "unauthorized_client")
    assert opened(spree, CREDITS, token)[0] == 200
    for _ in range(2):
        response = ask(spree, "revoke", token=token, **APP)
        assert (response.status, response.body) == (200, b"{}")
    assert opened(spree, CREDITS, token) == (401, "The access token was revoked")

    shopper = grant(spree, **ALICE)
    assert ask(spree, "revoke", token=shopper["access_token"], token_type_hint="refresh_token").status == 200
    assert opened(spree, ACCOUNT, shopper["access_token"])[0] == 200
    assert ask(spree, "revoke", token=shopper["refresh_token"]).status == 200
    assert opened(spree, ACCOUNT, shopper["access_token"]) == (401, "The access token was revoked")
    assert ask(spree, "revoke", token="never given").status == 200
    assert error(ask(spree, "revoke", token_type_hint="access_token")) == (400, "invalid_request")


def test_tests_make_their_own_applications_and_passwords(spree: SpreeBench) -> None:
    """Through the control plane and by fixtures, and what is there already is named."""
    control = spree.spree
    made = control.add_application("loyalty", scopes="read")
    assert [one.name for one in control.applications()] == sorted(
        ["back-office", "loyalty", "read-write", "reader", "unscoped", "writer"]
    )
    client = {"client_id": made.client_id, "client_secret": made.client_secret}
    assert grant(spree, **CLIENT, **client, scope="read")["scope"] == "read"
    for again in ({"name": "loyalty"}, {"name": "other", "client_id": made.client_id}):
        with pytest.raises(ControlError, match="already"):
            control.add_application(**again)
    assert made.client_secret not in repr(made)

    user = control.add_user("new@example.com", password="first one")
    control.set_password(user.id, "second one")
    new = {"grant_type": "password", "username": "new@example.com"}
    assert error(ask(spree, "token", **new, password="first one")) == (400, "invalid_grant")
    grant(spree, **new, password="second one")
    with pytest.raises(ControlError, match="no user 99"):
        control.set_password(99, "x")

    application = {"name": "till", "client_id": "till-id", "client_secret": "till-secret"}
    parts = {"users": [{"email": "f@example.com", "password": "fixed one"}], "applications": [application]}
    spree.control.seed({"spree": parts})
    grant(spree, **{**new, "username": "f@example.com"}, password="fixed one")
    grant(spree, **CLIENT, client_id="till-id", client_secret="till-secret", scope="admin")
    with pytest.raises((ControlError, FixturesError), match="/spree/applications/0/client_id"):
        spree.control.seed({"spree": {"applications": [application]}})


def test_no_secret_is_shown_or_stored(spree: SpreeBench) -> None:
    """Exchanges, violations and the journal show none; a snapshot holds passwords and secrets of clients as digests."""
    spree.spree.set_password(2, "hidden-password-1")
    spree.spree.add_application("x", client_id="hidden-id-2", client_secret="hidden-secret-3")
    form = {**ALICE, "password": "hidden-password-1", "client_id": "hidden-id-2", "client_secret": "hidden-secret-3"}
    made = grant(spree, **form)
    renewed = renew(spree, made["refresh_token"], client_id="hidden-id-2", client_secret="hidden-secret-3")
    ask(spree, "token", **{**form, "password": "hidden-wrong-4", "grant_type": "hidden"})
    body = json.dumps({**form, "password": "hidden-wrong-5" * 50}).encode()
    spree.send("POST", "/spree_oauth/token", body, {"client_secret": "hidden-query-6"}, token=None)
    ask(spree, "revoke", {"Authorization": "Basic " + base64.b64encode(b"hidden-id-2:hidden-wrong-7").decode()},
        token=renewed["access_token"], client_secret="hidden-8")  # fmt: skip
    shown = "\n".join(f"{one} {one.violations}" for one in spree.engine.exchanges)
    shown += json.dumps([vars(one) for one in spree.control.exchanges()], default=str)

    assert "/spree_oauth/token" in shown
    for secret in (made["access_token"], made["refresh_token"], renewed["access_token"], "hidden-"):
        assert secret not in shown
    assert "hidden-" not in json.dumps(spree.control.snapshot()).replace("hidden-id-2", "")
