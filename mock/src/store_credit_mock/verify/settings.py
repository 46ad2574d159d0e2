"""What a run was asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from store_credit_mock.verify.accepted_findings import AcceptedFindings
from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.selection import Selection

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """What a run was asked to do.

    Attributes:
        address: The server's, without a slash at its end.
        system: First part of the operationIds that are tried.
        credentials: The secrets.
        ids: Ids that exist on the server, by what takes them; see `VerifiedSystem.arguments`.
        max_requests: How many requests may be sent at all.
        examples: How many cases are generated of each operation, besides those at the limits of the document.
        generated: Whether any are.
        keep: Whether what was made is left there, for the lines of curl to find.
        timeout: Seconds one request may take.
        ca: PEM file of the authorities to trust instead of the machine's.
        selection: What is tried and counted; everything if None.
        accepted: Findings that are accepted.
    """

    address: str
    system: str
    credentials: Credentials
    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    max_requests: int = 2000
    examples: int = 4
    generated: bool = True
    keep: bool = False
    timeout: float = 10.0
    ca: str | None = None
    selection: Selection | None = None
    accepted: AcceptedFindings = field(default_factory=AcceptedFindings)
