"""Giving, changing and deleting credit on v3, and the categories of 5.x."""

from __future__ import annotations

from collections.abc import Callable

from store_credit_mock.systems.ledger_store import read_entries
from store_credit_mock.systems.spree_v3.store_credits import account_name
from v3bench import V3Bench, error

Maker = Callable[..., V3Bench]


def test_what_the_body_cannot_set(v3: V3Bench) -> None:
    """Creator, owner, store, used amounts, metadata and expiry are dropped without a word (201)."""
    given = v3.give(
        "4.00", created_by_id="adm_UkLWZg9DAJ", customer_id=v3.customer(2), user_id=v3.customer(2),
        amount_used="3.00", amount_authorized="2.00", store_id="2", originator_type="Spree::GiftCard",
        expires_at="2030-01-01", metadata={"case": "T-1"},
    )  # fmt: skip
    assert (given["customer_id"], given["created_by_id"], given["metadata"]) == (v3.customer(), None, {})
    assert float(given["amount_used"]) == 0
    path = v3.credits(1, given["id"])
    changed = v3.json("PATCH", path, {"amount_used": "1", "currency": "EUR", "metadata": {"a": 1}, "memo": "new"})
    assert (changed["currency"], changed["metadata"], changed["memo"]) == ("USD", {}, "new")
    assert v3.json("PATCH", path, {})["updated_at"] == changed["updated_at"]
    assert v3.json("PATCH", path, {"memo": None})["memo"] is None


def test_no_text_of_a_credit_takes_a_null_byte(v3: V3Bench) -> None:
    """U+0000 in memo or currency is a 400 of the database's driver; nothing is kept of it (read)."""
    given = v3.give(memo="before")
    fine = {"amount": "5.00", "currency": "USD"}
    for method, path, body in (
        ("POST", v3.credits(), {**fine, "memo": "a\0b"}),
        ("POST", v3.credits(), {**fine, "currency": "US\0"}),
        ("PATCH", v3.credits(1, given["id"]), {"memo": "\0"}),
        ("POST", "/api/v3/admin/customers", {"email": "new\0@example.com"}),
        ("POST", "/api/v3/admin/customers", {"email": "new@example.com", "first_name": "\0"}),
    ):
        for _ in range(2):
            response = v3.send(method, path, body, idempotency=f"{method} {path} {body}")
            assert error(response, 400) == {"code": "invalid_request", "message": "string contains null byte"}
            assert response.header("idempotent-replayed") is None
    assert [one["memo"] for one in v3.json("GET", v3.credits())["data"]] == ["before"]
    refused = v3.send("POST", v3.credits(), {**fine, "amount": "0", "memo": "\0"})
    assert error(refused, 422)["code"] == "validation_error", "the model is asked first"
    assert v3.give(memo="kept", unknown="\0")["memo"] == "kept"


def test_a_used_credit_keeps_its_amount(v3: V3Bench) -> None:
    """Any `amount`, also the same one or beside a memo, is store_credit_in_use; the memo alone may change."""
    credit = v3.give("50.00")
    v3.spend(credit, used=2000)
    path = v3.credits(1, credit["id"])
    for body in ({"amount": "60.00"}, {"amount": "50.00"}, {"amount": None}, {"memo": "x", "amount": "10.00"}):
        assert error(v3.send("PATCH", path, body), 422) == {
            "code": "store_credit_in_use",
            "message": "Cannot change amount on a store credit that has already been used",
        }
    assert v3.json("PATCH", path, {"memo": "after use"})["memo"] == "after use"
    assert error(v3.send("DELETE", path), 422) == {
        "code": "store_credit_in_use",
        "message": "Cannot delete a store credit that has already been used",
    }


def test_an_authorized_credit_may_be_deleted(v3: V3Bench) -> None:
    """Only what is used is looked at: 204 with money on its way, and the record is gone (trap 5)."""
    credit = v3.give("40.00")
    v3.spend(credit, authorized=1500)
    path = v3.credits(1, credit["id"])
    assert float(v3.json("GET", path)["amount_remaining"]) == 25.0
    assert float(v3.json("PATCH", path, {"amount": "45.00"})["amount_remaining"]) == 30.0
    below = error(v3.send("PATCH", path, {"amount": "1.00"}), 422)
    assert below["details"] == {"amount_authorized": ["Exceeds total credits."]}
    assert [v3.send("DELETE", path).status for _ in range(2)] == [204, 404]
    assert v3.send("GET", path).status == 404


def test_the_first_category_is_the_default(v3_of: Maker) -> None:
    """5.x: by id or number, unknown ones are 404, and without one the first is taken; 6.x has none (trap 12)."""
    for profile in ("5.5", "5.6"):
        v3 = v3_of(profile)
        default, second = v3.give(), v3.give(category_id=2)
        assert (default["category_id"], default["category_name"]) == ("sccat_UkLWZg9DAJ", "Default")
        assert second["category_name"] == "Non-expiring"
        assert v3.give(category_id="sccat_EfhxLZ9ck8")["category_name"] == "Expiring"
        body = {"amount": "2.00", "currency": "USD", "category_id": "sccat_unknown000"}
        assert error(v3.send("POST", v3.credits(), body), 404)["message"] == "Store credit category not found"
        moved = v3.json("PATCH", v3.credits(1, default["id"]), {"category_id": "sccat_gbHJdmfrXB"})
        assert moved["category_name"] == "Non-expiring"
        path = "/api/v3/admin/store_credit_categories"
        named = v3.json("GET", f"{path}?q[name_eq]=Expiring", key="sk_settings")["data"]
        assert [one["id"] for one in named] == ["sccat_EfhxLZ9ck8"]
        refused = error(v3.send("GET", path, key="sk_readsc"), 403)
        assert refused["details"] == {"required_scope": "read_settings"}
    new = v3_of("6.0-alpha")
    assert "category_id" not in new.give(category_id="sccat_unknown000")
    assert new.send("GET", "/api/v3/admin/store_credit_categories").status == 404


def test_what_each_version_shows(v3: V3Bench) -> None:
    """The members of a credit on the admin side (sheet section 3)."""
    members = set(v3.give())
    profile = v3.engine.sandbox.of_systems["spree_v3_profile"]
    assert ("display_amount" in members) == (profile != "6.0")
    assert ("category_id" in members) == profile.startswith("5")
    ledger = profile in {"6.0-alpha+ledger", "6.0"}
    assert ("amount_authorized" in members, "originator_type" in members) == (ledger, ledger)
    assert ("outstanding" in members) == (profile == "6.0")


def test_every_movement_is_in_the_ledger(v3: V3Bench) -> None:
    """Credits, edits, payments and deletions leave entries that add up, and nothing is broken."""
    credit = v3.give("50.00")
    v3.json("PATCH", v3.credits(1, credit["id"]), {"amount": "40.00"})
    v3.spend(credit, authorized=1500)
    v3.json("DELETE", v3.credits(1, credit["id"]))
    v3.give("1.00", customer=2)
    entries = [
        (entry.action, entry.source, entry.target, entry.amount)
        for entry in read_entries(v3.engine.storage, "default", account_name(1))
    ]
    assert entries == [
        ("allocation", "outside", "remaining", 500_000),
        ("edit", "remaining", "outside", 100_000),
        ("capture", "remaining", "authorized", 150_000),
        ("delete", "remaining", "outside", 400_000),
        ("delete", "authorized", "remaining", 150_000),
    ]
    assert v3.control.invariants().broken == []
