"""Keys, scopes and tokens of v3, and the order in which they are asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store_credit_mock.systems.spree_v3.passwords import PASSWORD
from v3bench import SHOP, V3Bench, error

Maker = Callable[..., V3Bench]

CREDIT = {"amount": "5.00", "currency": "USD"}
REQUIRED = {"code": "authentication_required", "message": "Authentication required"}


@pytest.mark.parametrize("key", [None, "sk_there-is-none", "sk_revoked", SHOP, "full", ""])
def test_the_admin_side_wants_a_good_secret_key(v3: V3Bench, key: str | None) -> None:
    """None, an unknown, a revoked and a publishable key, and a blank one, are all told the same (v3.admin.auth.*)."""
    assert error(v3.send("GET", v3.credits(), key=key), 401) == REQUIRED


def test_a_key_as_a_bearer_and_a_customers_token_open_no_admin(v3: V3Bench) -> None:
    """Each side reads its own tokens alone (v3.admin.auth.key_as_bearer, customer_jwt, store.me.staff_jwt)."""
    for token in ("sk_full", "garbage", v3.sign_in()):
        assert error(v3.send("GET", v3.credits(), key=None, token=token), 401) == REQUIRED
    own = "/api/v3/store/customers/me/store_credits"
    assert error(v3.send("GET", own, key=SHOP, token=v3.staff()), 401) == REQUIRED


def test_a_missing_scope_names_itself(v3: V3Bench) -> None:
    """403 says which scope a key lacks; writing includes reading, and `..._all` everything of its kind (trap 7)."""
    for key, method, scope in (
        ("sk_orders", "GET", "read_store_credits"),
        ("sk_readsc", "POST", "write_store_credits"),
        ("sk_readall", "POST", "write_store_credits"),
    ):
        refused = error(v3.send(method, v3.credits(), CREDIT if method == "POST" else None, key=key), 403)
        assert refused == {
            "code": "access_denied",
            "message": f"API key lacks scope: {scope}",
            "details": {"required_scope": scope},
        }
    assert v3.send("GET", v3.credits(), key="sk_writesc").status == 200
    assert v3.send("POST", v3.credits(), CREDIT, key="sk_writesc").status == 201
    assert v3.send("GET", v3.credits(), key="sk_readall").status == 200


def test_what_is_asked_for_first(v3: V3Bench) -> None:
    """The body is parsed before the key is looked at, a customer is found before the scope is asked for."""
    assert error(v3.send("POST", v3.credits(), b'{"amount":', key="sk_none"), 400)["code"] == "invalid_request"
    unknown = f"/api/v3/admin/customers/{v3.prefix}_unknown000/store_credits"
    assert error(v3.send("POST", unknown, CREDIT, key="sk_none"), 401) == REQUIRED
    assert error(v3.send("POST", unknown, CREDIT, key="sk_readsc"), 404)["code"] == "record_not_found"
    assert error(v3.send("POST", v3.credits(), CREDIT, key="sk_readsc"), 403)["code"] == "access_denied"


def test_a_key_and_a_token_are_both_checked(v3_of: Maker) -> None:
    """An unknown key spoils a good token, but on 5.5; a key without the scope does so on each (sheet section 5)."""
    for profile, status in (("5.5", 200), ("5.6", 401), ("6.0-alpha", 401), ("6.0", 401)):
        v3 = v3_of(profile)
        token = v3.staff()
        response = v3.send("GET", v3.credits(), key="sk_none", token=token)
        assert response.status == status, profile
        if status == 401:
            assert error(response, 401)["message"] == "Valid secret API key required"
        assert error(v3.send("GET", v3.credits(), key="sk_orders", token=token), 403)["code"] == "access_denied"
        assert v3.send("GET", v3.credits(), token="garbage").status == 200
        given = v3.json("POST", v3.credits(), CREDIT, token=token)
        assert given["created_by_id"] == v3.json("POST", v3.credits(), CREDIT, key=None, token=token)["created_by_id"]
        assert given["created_by_id"].startswith(("admin_", "adm_"))
        assert v3.give()["created_by_id"] is None


def test_staff_without_a_role_see_no_store(v3: V3Bench) -> None:
    """They may sign in, and nothing else: 403 without details (v3.admin.auth.limited_list)."""
    token = v3.staff("limited@example.com")
    refused = error(v3.send("GET", v3.credits(), key=None, token=token), 403)
    assert refused == {"code": "access_denied", "message": "You do not have access to this store."}


def test_tokens_end_by_the_clock_of_the_sandbox(v3: V3Bench) -> None:
    """A staff token lives five minutes, a customer's an hour (sheet section 5)."""
    staff, customer = v3.staff(), v3.sign_in()
    v3.control.advance(299)
    assert v3.send("GET", v3.credits(), key=None, token=staff).status == 200
    v3.control.advance(1)
    assert error(v3.send("GET", v3.credits(), key=None, token=staff), 401) == REQUIRED
    me = "/api/v3/store/customers/me"
    assert v3.send("GET", me, key=SHOP, token=customer).status == 200
    v3.control.advance(3300)
    assert error(v3.send("GET", me, key=SHOP, token=customer), 401) == REQUIRED


def test_tokens_of_another_sandbox_are_forgeries(v3: V3Bench) -> None:
    """A token is signed with its sandbox's own secret: one with a changed part, or of another secret, is none."""
    token = v3.sign_in()
    head, claims, signature = token.split(".")
    me = "/api/v3/store/customers/me"
    for forged in (f"{head}.{claims}.", f"{head}.{claims}.{signature[::-1]}", f"{head}.e30.{signature}", "a.b.c", ".."):
        assert error(v3.send("GET", me, key=SHOP, token=forged), 401) == REQUIRED


@pytest.mark.parametrize("key", [None, "pk_none", "sk_full"])
def test_the_store_side_wants_a_publishable_key(v3: V3Bench, key: str | None) -> None:
    """Without one, with an unknown one and with a secret one, whoever is signed in (v3.store.me.no_key ff.)."""
    token = v3.sign_in()
    for path in ("/api/v3/store/customers/me", "/api/v3/store/customers/me/store_credits"):
        refused = error(v3.send("GET", path, key=key, token=token), 401)
        assert refused == {"code": "invalid_token", "message": "Valid API key required"}


def test_a_key_serves_its_own_store(v3_of: Maker) -> None:
    """6.x chooses the store by key and hides the others' credits; 5.x knows the default store's keys alone."""
    old = v3_of("5.6")
    assert error(old.send("GET", old.credits(), key="sk_outlet"), 401) == REQUIRED
    new = v3_of("6.0-alpha")
    mine = new.give()
    theirs = new.json("POST", new.credits(), CREDIT, key="sk_outlet")
    assert [one["id"] for one in new.json("GET", new.credits())["data"]] == [mine["id"]]
    assert [one["id"] for one in new.json("GET", new.credits(), key="sk_outlet")["data"]] == [theirs["id"]]
    assert error(new.send("GET", new.credits(1, theirs["id"])), 404)["message"] == "Store credit not found"
    own = new.json("GET", "/api/v3/store/customers/me/store_credits", key="pk_outlet", token=new.sign_in())
    assert [one["amount"] for one in own["data"]] == ["5.0"]


def test_staff_of_6_choose_their_store(v3_of: Maker) -> None:
    """`X-Spree-Store-Id` is for tokens; a key that belongs elsewhere is refused, an unknown store is 404 (read)."""
    v3 = v3_of("6.0-alpha")
    token, outlet = v3.staff(), "store_gbHJdmfrXB"
    body = {**CREDIT, "memo": "outlet"}
    v3.json("POST", v3.credits(), body, key=None, token=token, X_Spree_Store_Id=outlet)
    assert v3.json("GET", v3.credits(), key=None, token=token)["data"] == []
    assert [one["memo"] for one in v3.json("GET", v3.credits(), key="sk_outlet")["data"]] == ["outlet"]
    refused = error(v3.send("GET", v3.credits(), X_Spree_Store_Id=outlet), 403)
    assert refused["code"] == "access_denied"
    for unknown in ("store_unknown000", "cust_UkLWZg9DAJ", "1"):
        assert v3.send("GET", v3.credits(), key=None, token=token, X_Spree_Store_Id=unknown).status == 404
    old = v3_of("5.6")
    assert old.json("GET", old.credits(), X_Spree_Store_Id=outlet)["data"] == []


def test_prefixes_of_ids_mean_nothing_to_5x(v3_of: Maker) -> None:
    """A credit's id finds the customer of its number on 5.6, and nothing on 6.x; a bare number finds nothing (20)."""
    path = "/api/v3/admin/customers/credit_UkLWZg9DAJ/store_credits"
    old, new = v3_of("5.6"), v3_of("6.0-alpha")
    assert old.json("POST", path, CREDIT)["customer_id"] == "cus_UkLWZg9DAJ"
    assert error(new.send("POST", path, CREDIT), 404)["message"] == "Customer not found"
    for v3, called in ((old, "Legacy user"), (new, "Customer")):
        assert error(v3.send("GET", "/api/v3/admin/customers/1"), 404)["message"] == f"{called} not found"


def test_sandboxes_of_their_own_are_found_by_key_and_token(v3: V3Bench) -> None:
    """`sk_sandbox_NAME_...` and `pk_sandbox_NAME_...` lead to a sandbox, and so does a token that was given there."""
    v3.json("POST", v3.credits(), CREDIT, key="sk_sandbox_blue_1")
    assert v3.json("GET", v3.credits())["data"] == []
    assert len(v3.json("GET", v3.credits(), key="sk_sandbox_blue_other")["data"]) == 1
    body = {"email": "admin@example.com", "password": "spree123"}
    token = v3.json("POST", "/api/v3/admin/auth/login", body, key=None, X_Mock_Sandbox="blue")["token"]
    assert len(v3.json("GET", v3.credits(), key=None, token=token)["data"]) == 1
    assert (
        v3.sign_in()
        != v3.json("POST", "/api/v3/store/auth/login", {**body, "email": "alice@example.com"}, key="pk_sandbox_blue_1")[
            "token"
        ]
    )


def test_signing_in(v3: V3Bench) -> None:
    """A wrong password and an unknown address are told the same, and what is missing is named."""
    path = "/api/v3/store/auth/login"
    for body, message in (
        ({"email": "alice@example.com", "password": "wrong"}, "Invalid email or password"),
        ({"email": "nobody@example.com", "password": "spree123"}, "Invalid email or password"),
        ({"password": "spree123"}, "Email is required"),
        ({"email": "alice@example.com"}, "Password is required"),
    ):
        refused = error(v3.send("POST", path, body, key=SHOP), 401)
        assert refused == {"code": "authentication_failed", "message": message}
    assert error(v3.send("POST", path, {"provider": "x"}, key=SHOP), 400)["code"] == "invalid_provider"


SIGN_INS = (
    ("/api/v3/store/auth/login", "alice@example.com", SHOP),
    ("/api/v3/admin/auth/login", "admin@example.com", None),
)


@pytest.mark.parametrize(("path", "email", "key"), SIGN_INS, ids=["store", "admin"])
def test_five_wrong_passwords_lock_an_account_of_6(v3_of: Maker, path: str, email: str, key: str | None) -> None:
    """For half an hour the right password is refused too; 5.x locks nobody (read; the count is recorded)."""
    locked, wrong = "Account temporarily locked. Try again later.", "Invalid email or password"
    addresses = iter(range(100))

    def sign_in(v3: V3Bench, password: str) -> str | None:
        # One address may sign in five times a minute, whatever becomes of it.
        body = {"email": email, "password": password}
        response = v3.send("POST", path, body, key=key, X_Forwarded_For=f"2001:db8::{next(addresses)}")
        return None if response.status == 200 else error(response, 401)["message"]

    old = v3_of("5.6")
    assert [sign_in(old, "no") for _ in range(7)] == [wrong] * 7
    assert sign_in(old, PASSWORD) is None
    for profile in ("6.0-alpha", "6.0"):
        v3 = v3_of(profile)
        assert [sign_in(v3, "no") for _ in range(4)] == [wrong] * 4
        assert sign_in(v3, PASSWORD) is None, "a good sign-in begins the count anew"
        assert [sign_in(v3, "no") for _ in range(6)] == [wrong] * 5 + [locked]
        assert sign_in(v3, PASSWORD) == locked
        v3.control.advance(30 * 60 - 0.1)
        assert sign_in(v3, PASSWORD) == locked
        v3.control.advance(0.1)
        assert [sign_in(v3, "no"), sign_in(v3, PASSWORD)] == [wrong, locked], "one more failure locks it again"
        v3.control.advance(30 * 60)
        assert sign_in(v3, PASSWORD) is None


def test_an_address_with_a_null_byte_signs_nobody_in(v3: V3Bench) -> None:
    """The strategy catches what the database complains of (read)."""
    for path, email, key in SIGN_INS:
        refused = error(v3.send("POST", path, {"email": f"{email}\0", "password": PASSWORD}, key=key), 401)
        assert refused == {"code": "authentication_failed", "message": "Authentication failed"}


def test_failed_sign_ins_are_counted_from_6_on(v3_of: Maker) -> None:
    """`failed_attempts` of a customer is 1 after a wrong password on the alpha, and 0 on 5.6.1 (customers.list_one)."""
    for profile, failures in (("5.6", 0), ("6.0-alpha", 1)):
        v3 = v3_of(profile)
        v3.send("POST", "/api/v3/store/auth/login", {"email": "alice@example.com", "password": "no"}, key=SHOP)
        found = v3.json("GET", "/api/v3/admin/customers?q[email_eq]=alice@example.com")["data"]
        assert [one["failed_attempts"] for one in found] == [failures]
        v3.sign_in()
        assert v3.json("GET", f"/api/v3/admin/customers/{v3.customer()}")["failed_attempts"] == 0
