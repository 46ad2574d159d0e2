"""Webhooks of VINR as they arrive: bodies, their headers, and what a failed check raises."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from store_credit import StoreCreditError, WebhookVerificationError, webhooks

__all__ = ["NOW", "PAYLOAD", "SECRET", "event", "failed", "headers"]


SECRET = "whsec_test"
NOW = 1716300000
PAYLOAD = b'{"id":"evt_1"}'


def event(credit: dict[str, Any], kind: str = "store_credit.created") -> bytes:
    """The body of an event about a credit."""
    return json.dumps({"id": "evt_1", "type": kind, "data": {"object": credit}, "created": NOW}).encode()


def headers(payload: bytes, secret: str = SECRET, timestamp: int = NOW) -> dict[str, str]:
    """What VINR sends beside a body."""
    signature = webhooks.sign(payload, timestamp, secret)
    return {"X-Vinr-Signature": signature, "X-Vinr-Timestamp": str(timestamp), "Content-Type": "application/json"}


def failed(check: Callable[[], Any]) -> str:
    """Which check failed."""
    with pytest.raises(WebhookVerificationError) as raised:
        check()
    assert isinstance(raised.value, StoreCreditError)
    assert SECRET not in str(raised.value)
    return raised.value.check
