"""The ready clients of a mock, and how clients in other processes find it."""

from __future__ import annotations

import asyncio
import json

import httpx

import store_credit
from store_credit_mock import Mock, Server


def test_ready_clients() -> None:
    """Admin and store side, sync and async, of every version, on one sandbox."""
    for profile in ("5.6", "6.0-alpha", "6.0"):
        with Mock(seed=1, profile=f"spree-v3={profile}", fail_on_violations=True) as mock:
            alice = mock.spree_admin.customers.list(filter={"email_eq": "alice@example.com"}).data[0]
            credit = mock.spree_admin.customers.store_credits.create(alice.id, amount="25.00", currency="USD")
            signed_in = mock.spree_store.auth.login(email="alice@example.com", password="spree123")
            own = mock.spree_store.customer.store_credits.get(credit.id, customer_token=signed_in.token)
            assert (own.id, own.amount) == (credit.id, credit.amount)

            async def awaited(mock: Mock = mock, alice: str = alice.id) -> list[str]:
                listed = await mock.async_spree_admin.customers.store_credits.list(alice)
                other = await mock.async_spree_store.auth.login(email="bob@example.com", password="spree123")
                assert other.user.email == "bob@example.com"
                return [one.id for one in listed.data]

            assert asyncio.run(awaited()) == [credit.id]


def test_clients_find_a_served_mock() -> None:
    """By `SPREE_URL`, `SPREE_ADMIN_KEY` and `SPREE_PUBLISHABLE_KEY` while it runs."""
    with Server(seed=1, spree_v3_secret_key="sk_mine") as server:
        with store_credit.SpreeAdminClient() as admin, store_credit.SpreeStoreClient() as store:
            assert len(admin.customers.list().data) == 6
            assert store.auth.login(email="alice@example.com", password="spree123").token
        refused = httpx.get(f"{server.url}/api/v3/admin/customers", headers={"X-Spree-Api-Key": "sk_full"})
        assert json.loads(refused.content)["error"]["code"] == "authentication_required"
