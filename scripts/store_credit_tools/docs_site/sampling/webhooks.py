"""The samples of VINR's webhooks: a receiver with the SDK, and how to let the mock send it an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from store_credit_tools.docs_site.sampling.curl import curl_command
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest

__all__ = ["MOCK", "RECEIVER", "event_commands", "event_requests"]

MOCK: Final = "http://127.0.0.1:4010"
"""Where `store-credit-mock serve` listens."""

RECEIVER: Final = "http://127.0.0.1:4011/"
"""Where the sample in `docs/samples/vinr/webhooks.py` listens."""

_PURCHASE: Final = {"customer": "cust_8aZ2", "amount": 350, "currency": "USD"}


def event_requests(event: str, requests: Mapping[str, SampleRequest]) -> Sequence[SampleRequest]:
    """What makes a mock, fresh or not, send an event: register the receiver, then cause the event.

    Args:
        event: Its type, such as `store_credit.created`.
        requests: The samples' requests by operationId.

    Raises:
        SampleError: Nothing is known that causes such an event.
    """
    endpoint = {"url": RECEIVER, "secret": "whsec_sample", "enabled_events": [event]}
    register = _control("Register the receiver", "/_mock/vinr/webhook-endpoints", endpoint)
    issuing = requests.get("vinr.store_credit.create")
    if issuing is None:
        raise SampleError(f"the event {event} is caused by vinr.store_credit.create, which is not in the document")
    issue = replace(issuing, server=MOCK, title="Issue credit")
    if event == "store_credit.created":
        return [register, issue]
    if event == "store_credit.updated":
        return [register, issue, _control("Buy something with it", "/_mock/vinr/purchases", _PURCHASE)]
    raise SampleError(f"the event {event} has no sample: say in docs_site/sampling/webhooks.py what causes it")


def event_commands(requests: Sequence[SampleRequest]) -> str:
    """Write the requests as curl commands, each below a comment."""
    return "\n\n".join(f"# {request.title}\n{curl_command(request)}" for request in requests)


def _control(title: str, path: str, body: Any) -> SampleRequest:
    return SampleRequest(
        operation="",
        title=title,
        method="POST",
        server=MOCK,
        path=path,
        query=(),
        headers=(
            Header("Authorization", "Bearer ", "MOCK_CONTROL_TOKEN"),
            Header("Content-Type", "application/json"),
        ),
        body=body,
        answers=True,
    )
