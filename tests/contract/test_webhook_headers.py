"""The headers of a webhook in the document are those its receiver needs."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from store_credit import WebhookVerificationError, webhooks
from store_credit_mock.contract import Document

SECRET = "whsec_example"


def events(document: Document) -> dict[str, tuple[dict[str, dict[str, Any]], dict[str, Any]]]:
    """For each webhook its header parameters by name, and the example of its body."""
    found: dict[str, tuple[dict[str, dict[str, Any]], dict[str, Any]]] = {}
    for operation in document.webhooks.values():
        content = operation.definition["requestBody"]["content"]["application/json"]
        reference = next(iter(content["examples"].values()))["$ref"].rsplit("/", 1)[1]
        headers = {parameter["name"]: dict(parameter) for _, parameter in operation.parameters}
        found[operation.id] = headers, document.data["components"]["examples"][reference]["value"]
    return found


HEADERS = {
    "vinr": {"X-Vinr-Signature", "X-Vinr-Timestamp"},
    "spree_v3": {"X-Spree-Webhook-Signature", "X-Spree-Webhook-Timestamp", "X-Spree-Webhook-Event"},
}


def test_every_webhook_of_a_system_has_the_same_required_headers(document: Document) -> None:
    """A signature, and the time that is signed with the body; of Spree the name of the event as well."""
    for name, (headers, _) in events(document).items():
        expected = dict.fromkeys(HEADERS[name.partition(".")[0]], ("header", True))
        assert {key: (one["in"], one["required"]) for key, one in headers.items()} == expected, name


def test_the_sdk_verifies_by_exactly_these_headers(document: Document) -> None:
    """With them an event is read; without any one of them it is refused, and the header is named."""
    seen = {name: one for name, one in events(document).items() if name.startswith("vinr.")}
    assert len(seen) >= 2
    for headers, example in seen.values():
        payload = json.dumps(example).encode()
        now = int(example["created"])
        values = {"X-Vinr-Signature": webhooks.sign(payload, now, SECRET), "X-Vinr-Timestamp": str(now)}
        sent = {name: values[name] for name in headers}

        assert webhooks.parse(payload, sent, secret=SECRET, now=now).id == example["id"]
        for name in headers:
            less = {key: value for key, value in sent.items() if key != name}
            with pytest.raises(WebhookVerificationError, match=f"(?i){name} is missing"):
                webhooks.parse(payload, less, secret=SECRET, now=now)


def shown(header: dict[str, Any]) -> str:
    """The only example of a header, which has a summary."""
    (example,) = header["examples"].values()
    return example["value"]


def test_the_example_of_the_signature_is_genuine(document: Document) -> None:
    """It signs the example of `store_credit.created`, as its text says."""
    headers, example = events(document)["vinr.webhooks.store_credit_created"]
    payload = json.dumps(example, separators=(",", ":"), ensure_ascii=False).encode()
    timestamp = headers["X-Vinr-Timestamp"]["example"]

    assert webhooks.sign(payload, timestamp, SECRET) == shown(headers["X-Vinr-Signature"])

    headers, example = events(document)["spree_v3.webhooks.store_credit_created"]
    payload = json.dumps(example, separators=(",", ":"), ensure_ascii=False).encode()
    signed = f"{headers['X-Spree-Webhook-Timestamp']['example']}.".encode() + payload
    genuine = hmac.new(b"0" * 64, signed, hashlib.sha256).hexdigest()
    assert genuine == shown(headers["X-Spree-Webhook-Signature"])
