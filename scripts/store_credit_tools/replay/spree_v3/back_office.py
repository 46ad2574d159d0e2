"""What the recorded scripts did without a request, done through named calls of the control plane."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from store_credit_mock import Engine, Fault
from store_credit_mock.control.client import Control
from store_credit_mock.systems.control_route import ControlError
from store_credit_mock.systems.outbox import Delivery
from store_credit_tools.replay.spree_v3.script import Step
from store_credit_tools.replay.spree_v3.values import Values

__all__ = ["LISTENER", "BackOffice"]

LISTENER: Final = "http://127.0.0.1:3090/hook"
"""Where the recorded endpoint was pointed at."""
_POINTED: Final = "the endpoint is pointed at a listener on this machine"


class BackOffice:
    """Plays what is not a request on one engine.

    Args:
        engine: The mock.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._control = Control.inside(engine.control)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._control.advance(seconds)

    def do(self, step: Step, values: Values) -> str | None:
        """Do what a step did; returns what is wrong, or None."""
        if step.back_office != _POINTED:
            return f"nothing is known that does this: {step.back_office}"
        try:
            self._control.spree_v3.change_webhook_endpoint(values.text("{whe}"), url=LISTENER)
        except ControlError as error:
            return str(error)
        return None

    @contextmanager
    def row_locked(self, kind: str | None, path: str) -> Generator[None]:
        """Hold the row that a path names in another session, for longer than a request waits for it."""
        identity = next((part for part in path.split("/") if part.startswith(("cart_", "or_"))), "")
        if kind is None or not identity:
            yield
            return
        try:
            self._control.spree_v3.hold_row(identity)
        except ControlError:  # There is none: the response to the request says so.
            yield
            return
        try:
            yield
        finally:
            self._control.spree_v3.release_row(identity)

    @contextmanager
    def in_flight_together(self, operation: str, requests: int) -> Generator[None]:
        """Hold requests of an operation ahead of their handlers, so that all have arrived before the first is done."""
        fault = self._control.add_fault(Fault(operation, delay=0.001, times=requests))
        try:
            yield
        finally:
            self._control.remove_fault(fault.id)

    def received(self, secret: str) -> list[Mapping[str, Any]]:
        """Deliver the webhooks that are due; returns what a listener received, with what it makes of the signature."""
        outbox = self._engine.systems["spree_v3"].outbox
        found: list[Mapping[str, Any]] = []

        def listen(delivery: Delivery) -> int:
            found.append(_received(delivery, secret))
            return 200

        if outbox is not None:
            outbox.deliver(self._engine, listen)
        return found


def _received(delivery: Delivery, secret: str) -> Mapping[str, Any]:
    headers = {name.lower(): value for name, value in delivery.headers.items()}
    signed = headers.get("x-spree-webhook-timestamp", "").encode() + b"." + delivery.body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {
        "headers": {
            "Content-Type": headers.get("content-type"),
            "User-Agent": headers.get("user-agent"),
            "X-Spree-Webhook-Event": headers.get("x-spree-webhook-event"),
        },
        "verified": hmac.compare_digest(expected, headers.get("x-spree-webhook-signature", "")),
        "body": json.loads(delivery.body),
    }
