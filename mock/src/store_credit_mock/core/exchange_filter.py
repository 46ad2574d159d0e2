"""Which exchanges somebody asks for, and why another one is not among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import orjson

from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.core.request_matching import ABSENT, body_member, check_pointer, method_and_path_fit, same_value

__all__ = ["ExchangeFilter"]

_STATUS: Final = re.compile(r"[1-5]([0-9]{2}|xx)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExchangeFilter:
    """What exchanges have in common; what is None does not count.

    Attributes:
        operations: The operationIds; one that is empty stands for exchanges without one.
        violations: Whether they broke the OpenAPI document.
        method: In any case.
        path: A path, or a pattern such as `/v1/*`.
        status: `201`, or `4xx`.
        body: JSON pointer to a member of the request's body, JSON or a form.
        value: What is there. A text also stands for the number, true, false or null that it reads as, and may be a
            pattern; None only asks that something is there.
        after: Only those with a higher number.

    Raises:
        ValueError: The status or the pointer is not valid, or there is a value without a pointer.
    """

    operations: frozenset[str] | None = None
    violations: bool | None = None
    method: str | None = None
    path: str | None = None
    status: str | None = None
    body: str | None = None
    value: str | int | float | bool | None = None
    after: int = 0

    def __post_init__(self) -> None:
        if self.status is not None and not _STATUS.fullmatch(self.status):
            raise ValueError(f"status: {self.status[:50]!r} is not a valid status; use a form such as 201 or 4xx")
        if self.body is not None:
            check_pointer(self.body)
        elif self.value is not None:
            raise ValueError("value: also specify which member must have this value, as in body=/amount")

    def fits(self, exchange: Exchange) -> bool:
        """Whether an exchange is one of them."""
        return (
            exchange.number > self.after
            and (self.operations is None or exchange.operation in self.operations)
            and (self.violations is None or bool(exchange.violations) == self.violations)
            and method_and_path_fit(exchange.request, self.method, self.path)
            and self._status_fits(exchange.response.status)
            and (self.body is None or self._value_fits(body_member(exchange.request, self.body)))
        )

    def _status_fits(self, status: int) -> bool:
        wanted = self.status
        return wanted is None or wanted == str(status) or (wanted[1:].lower() == "xx" and wanted[0] == str(status)[0])

    def _value_fits(self, found: Any) -> bool:
        wanted = self.value
        if wanted is None:
            return found is not ABSENT
        if same_value(found, wanted):
            return True
        if not isinstance(wanted, str):
            return False
        try:
            return same_value(found, orjson.loads(wanted))
        except orjson.JSONDecodeError:
            return False

    def differences(self, exchange: Exchange) -> list[str]:
        """Say in what an exchange is not as asked; of the body without any secret."""
        request, found = exchange.request, list[str]()
        if self.operations is not None and exchange.operation not in self.operations:
            found.append(f"is {exchange.operation or 'no operation of the OpenAPI document'}")
        if self.violations is not None and bool(exchange.violations) != self.violations:
            count = len(exchange.violations)
            found.append(f"has {count} violation{'s' if count > 1 else ''}" if count else "has no violation")
        if not method_and_path_fit(request, self.method, None):
            found.append(f"the method is {request.method}")
        if not method_and_path_fit(request, None, self.path):
            found.append(f"the path is {exchange.redacted(request.path)}")
        if not self._status_fits(exchange.response.status):
            found.append(f"the status is {exchange.response.status}")
        if self.body is not None:
            value = body_member(request, self.body)
            if not self._value_fits(value):
                found.append(f"{self.body} is {exchange.shown_value(self.body, value)}")
        return found

    def __str__(self) -> str:
        parts = [
            f"{name} {value}"
            for name, value in (("method", self.method), ("path", self.path), ("status", self.status))
            if value is not None
        ]
        if self.violations is not None:
            parts.append("with violations" if self.violations else "without violations")
        if self.body is not None:
            parts.append(self.body + ("" if self.value is None else f" = {self.value}"))
        return ", ".join(parts)
