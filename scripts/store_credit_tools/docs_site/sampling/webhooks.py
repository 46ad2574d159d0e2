"""The samples of webhooks: a receiver with the SDK, and how to let the mock send it an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from store_credit_mock.systems.spree_v3.samples import SAMPLE_WEBHOOK_SECRET as SPREE_SECRET
from store_credit_mock.systems.vinr.fixtures import SAMPLE_WEBHOOK_SECRET as VINR_SECRET
from store_credit_tools.docs_site.sampling.curl import curl_command
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest

__all__ = ["MOCK", "RECEIVER", "event_commands", "event_requests"]

MOCK: Final = "http://127.0.0.1:4010"
"""Where `store-credit-mock serve` listens."""

RECEIVER: Final = "http://127.0.0.1:4011/"
"""Where the samples in `docs/samples/<system>/webhooks.py` listen."""

_DELETED: Final = "credit_uw2YK1rnl0"
_PURCHASE: Final = {"customer": "cust_8aZ2", "amount": 350, "currency": "USD"}


def event_requests(event: str, requests: Mapping[str, SampleRequest]) -> Sequence[SampleRequest]:
    """What makes a mock, fresh or not, send an event: register the receiver, then cause the event.

    Args:
        event: Its type, such as `store_credit.created`.
        requests: The samples' requests by operationId.

    Raises:
        SampleError: Nothing is known that causes such an event.
    """
    if event.startswith("spree_v3."):
        return _spree_requests(event.removeprefix("spree_v3."), requests)
    endpoint = {"url": RECEIVER, "secret": VINR_SECRET, "enabled_events": [event]}
    register = _control("Register the receiver", "/_mock/vinr/webhook-endpoints", endpoint)
    issue = _cause("Issue credit", "vinr.store_credit.create", requests)
    if event == "store_credit.created":
        return [register, issue]
    if event == "store_credit.updated":
        return [register, issue, _control("Buy something with it", "/_mock/vinr/purchases", _PURCHASE)]
    raise SampleError(f"the event {event} has no sample: say in docs_site/sampling/webhooks.py what causes it")


def _spree_requests(event: str, requests: Mapping[str, SampleRequest]) -> Sequence[SampleRequest]:
    resource = "spree_v3.admin.customers.store_credits"
    causes = {
        "store_credit.created": _cause("Issue credit", f"{resource}.create", requests),
        "store_credit.updated": _cause("Change a credit", f"{resource}.update", requests),
        "store_credit.deleted": _another(_cause("Delete a credit", f"{resource}.delete", requests)),
    }
    if event not in causes:
        raise SampleError(f"the event {event} has no sample: say in docs_site/sampling/webhooks.py what causes it")
    endpoint = {"url": RECEIVER, "secret": SPREE_SECRET, "subscriptions": [event]}
    return [_control("Register the receiver", "/_mock/spree_v3/webhook-endpoints", endpoint), causes[event]]


def _cause(title: str, operation: str, requests: Mapping[str, SampleRequest]) -> SampleRequest:
    if operation not in requests:
        raise SampleError(f"an event is caused by {operation}, which is not in the document")
    request = requests[operation]
    # Under a key that has been used, by the operation's sample or by this one, the mock would send no event.
    headers = tuple(header for header in request.headers if header.name != "Idempotency-Key")
    # The mock has to be the one that the receiver was registered with.
    return replace(request, server=MOCK, variable="", title=title, headers=headers, notes=())


def _another(request: SampleRequest) -> SampleRequest:
    """Delete another credit than the sample of the operation, which may have run."""
    return replace(request, path=request.path.rpartition("/")[0] + f"/{_DELETED}")


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
            Header("Authorization", "Bearer ", "STORE_CREDIT_MOCK_CONTROL_TOKEN"),
            Header("Content-Type", "application/json"),
        ),
        body=body,
        answers=True,
    )
