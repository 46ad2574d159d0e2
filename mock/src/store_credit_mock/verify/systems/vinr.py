"""What `verify` knows of VINR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from store_credit_mock.control import Control
from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.created_records import CreatedRecord, CreatedRecords
from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.safety import is_loopback
from store_credit_mock.verify.scenarios import vinr_crud, vinr_events, vinr_lists, vinr_spending
from store_credit_mock.verify.scenarios.assertions import Scenario, Target
from store_credit_mock.verify.scenarios.vinr_crud import PATH, issue
from store_credit_mock.verify.systems.base import Argument, CannotRunError, VerifiedSystem

__all__ = ["VerifiedVinr"]

KEY: Final = "VINR_SECRET_KEY"
_LIVE_HOSTS: Final = {"api.vinr.com"}
_CREDIT: Final = "vinr.store_credit"
_ABSENT: Final = re.compile(r"sc_absent[0-9a-f]{16,}")
_PLAUSIBLE: Final = re.compile(r"\s*\w+")
_SOON: Final = 60
"""Seconds by the server's clock after which the credit of a run has run out."""


class VerifiedVinr(VerifiedSystem):
    """VINR: one key, one customer; credit is never deleted, but can be let run out."""

    roles_by_id = True
    title = "VINR"
    arguments = (
        Argument(KEY, "--key", "a secret key", "KEY", secret=True),
        Argument("customer", "--customer", "the customer to issue credit to", default="cust_8aZ2"),
    )
    scenarios: ClassVar[tuple[Scenario, ...]] = (
        *vinr_crud.SCENARIOS,
        *vinr_lists.SCENARIOS,
        *vinr_spending.SCENARIOS,
        *vinr_events.SCENARIOS,
    )
    cursor_resource = _CREDIT
    wrong_credentials = ("X-Api-Key", "wrong")
    versions: ClassVar[tuple[Mapping[str, str], ...]] = ({},)
    reference_secrets: ClassVar[Mapping[str, str]] = {KEY: "sk_test_reference"}

    def check_credentials(self, credentials: Credentials) -> None:
        if credentials.get(KEY) is None:
            raise ValueError(f"no credentials: pass --key or set {KEY}")

    def why_live(self, address: str, credentials: Credentials) -> str | None:
        """VINR's keys say so themselves; any other key counts as live unless the server is this machine."""
        host = urlsplit(address).hostname or ""
        kind = (credentials.get(KEY) or "").lower()
        if kind.startswith(("sk_live_", "rk_live_")):
            return "the key is a live key"
        if host.rstrip(".") in _LIVE_HOSTS:
            return f"{host} is VINR's live server"
        if kind.startswith(("sk_test_", "rk_test_")) or is_loopback(address):
            return None
        return f"{host} is not this machine, and the key does not begin like a test key"

    def headers(self, credentials: Credentials) -> dict[str, str]:
        return {"X-Api-Key": credentials.get(KEY) or ""}

    def opening_headers(self, operation: str, credentials: Credentials) -> list[tuple[str, str]]:
        del operation
        return [("X-Api-Key", credentials.get(KEY) or "")]

    def credential_hint(self) -> str:
        return f"--key or {KEY}"

    def first_list(self) -> tuple[str, dict[str, str]]:
        return PATH, {"limit": "1"}

    def check_ids(self, target: Target) -> httpx.Response:
        customer = target.ids["customer"]
        answer = target.client.post(PATH, json={"customer": customer, "amount": 1000, "currency": "USD"})
        if answer.status_code == 404:
            raise CannotRunError(f"the server has no customer {customer}; select another with --customer")
        return answer

    def removable(self) -> tuple[str, ...]:
        return (_CREDIT,)

    def remove(self, target: Target, record: CreatedRecord, made: CreatedRecords) -> None:
        soon = max((one.created for one in made.left if one.created is not None), default=0) + _SOON
        answer = target.client.post(f"{PATH}/{record.id}", json={"expires_at": soon})
        if answer.status_code == 200:
            at = datetime.fromtimestamp(soon, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            record.note = f"VINR cannot delete credit; it expires at {at}"
        else:
            record.note = f"VINR cannot delete a credit, and changing expires_at returned {answer.status_code}"

    def absent_id(self, number: int, resource: str = "") -> str:
        return f"sc_absent{number:016x}"

    def is_plausible(self, resource: str, identity: str) -> bool:
        del resource
        return _ABSENT.fullmatch(identity) is None and _PLAUSIBLE.match(identity) is not None

    def record_in(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return body

    def existing_ids(self, target: Target, control: Control | None, credentials: Credentials) -> dict[str, list[str]]:
        del control, credentials
        return {"customer": [target.ids["customer"]]}

    def make_record(self, target: Target, resource: str) -> str | None:
        return str(issue(target)["id"]) if resource == _CREDIT else None
