"""Tests of a program on the mock: a fault, and the clock moved past an expiry."""

from datetime import UTC, datetime

from store_credit import VinrClient


def test_a_lost_response_does_not_issue_twice(store_credit_mock):
    """The response is lost after the credit was issued; the client sends it again by itself."""
    store_credit_mock.fault("vinr.store_credit.create", nth=1, drop=True, when="after")
    with VinrClient(
        api_key="sk_test_any", base_url="https://sandbox.api.vinr.com", http_client=store_credit_mock.http_client()
    ) as vinr:
        credit = vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")
        assert [one.id for one in vinr.store_credit.list()] == [credit.id]
    assert store_credit_mock.control.invariants().holds


def test_an_expired_credit_pays_nothing(store_credit_mock):
    """Before its expiry it pays, afterwards not."""
    store_credit_mock.freeze("2026-11-01T12:00:00Z")
    credit = store_credit_mock.vinr.store_credit.create(
        customer="cust_8aZ2", amount=1000, currency="USD", expires_at=datetime(2026, 11, 1, 12, 1, tzinfo=UTC)
    )
    assert store_credit_mock.control.vinr.buy("cust_8aZ2", 400, "USD").paid_by_credit == 400
    store_credit_mock.advance(120)
    assert store_credit_mock.control.vinr.buy("cust_8aZ2", 400, "USD").paid_by_credit == 0
    assert store_credit_mock.vinr.store_credit.retrieve(credit.id).balance_remaining == 600
