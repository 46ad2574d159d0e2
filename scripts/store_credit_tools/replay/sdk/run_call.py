"""Making a call with the SDK, sync or async, against the server of one exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import httpx

import store_credit
from store_credit import RawResult, Response
from store_credit_tools.replay.sdk.calls import RawCall, TypedCall
from store_credit_tools.replay.sdk.recorded_server import Sent, Server

__all__ = ["DECOY", "Outcome", "drive", "drive_async"]

DECOY = "a-credential-of-the-client-that-must-not-be-sent"
"""Given to a client whose calls must not carry its own credential, to see that they do not."""

_BASE_URL = "https://replay.invalid"
_CREDENTIALS = {"Spree": ("token", False), "Vinr": ("api_key", True)}
"""How the constructor of each system's clients names the credential, and whether there is no client without one."""
_DECOYS = {"SpreeAdmin": {"secret_key": f"sk_{DECOY}"}, "SpreeStore": {"publishable_key": f"pk_{DECOY}"}}
"""The same of clients that hold several credentials."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call.

    Attributes:
        sent: The requests that went over the wire.
        result: What the method returned, if it did.
        response: The raw answer, if the method returned.
        error: What it raised, if it did.
    """

    sent: list[Sent]
    result: Any = None
    response: Response | None = None
    error: Exception | None = field(default=None)


def drive(call: TypedCall | RawCall, server: Server) -> Outcome:
    """Make a call with the sync client."""
    try:
        with httpx.Client(transport=httpx.MockTransport(server), trust_env=False) as http:
            result = _begin(call, http, "")
    except Exception as error:  # noqa: BLE001 - whatever the SDK raises is a finding about it, not the end of the run
        return Outcome(server.sent, error=error)
    return _ended(call, server, result)


async def drive_async(call: TypedCall | RawCall, server: Server) -> Outcome:
    """Make a call with the async client."""
    try:
        async with httpx.AsyncClient(transport=httpx.MockTransport(server.asynchronously), trust_env=False) as http:
            result = await _begin(call, http, "Async")
    except Exception as error:  # noqa: BLE001 - as above
        return Outcome(server.sent, error=error)
    return _ended(call, server, result)


def _begin(call: TypedCall | RawCall, http: httpx.Client | httpx.AsyncClient, prefix: str) -> Any:
    """Make the client and call it; the async one gives something to await."""
    made = getattr(store_credit, f"{prefix}{call.client}Client")
    settings: Mapping[str, str | None]
    # A typed call that does not carry the client's credential shows it by not sending this one.
    if call.keys is not None:
        settings = call.keys or _DECOYS[call.client]
    else:
        name, needed = _CREDENTIALS[call.client]
        decoy = DECOY if needed or isinstance(call, TypedCall) else None
        settings = {name: decoy if call.credential is None else call.credential}
    client = made(**settings, base_url=_BASE_URL, http_client=http, max_retries=0)
    if isinstance(call, RawCall):
        return client.request(call.method, call.path, **call.arguments)
    method = reduce(getattr, (*call.resource.split("."), call.method), client)
    return client.with_raw_response(method, **call.arguments)


def _ended(call: TypedCall | RawCall, server: Server, result: Any) -> Outcome:
    if isinstance(call, RawCall):
        return Outcome(server.sent, result, result)
    raw: RawResult[Any] = result
    return Outcome(server.sent, raw.parsed, raw.response)
