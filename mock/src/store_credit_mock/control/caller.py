"""What the methods of the typed client have in common: how they send, and what a refusal becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import quote, urlencode

import orjson

from store_credit_mock.control.verification import UNMET
from store_credit_mock.systems.control_route import ControlError, VerificationError
from store_credit_mock.systems.json_types import read_json

__all__ = ["Caller", "Send"]

_FLAGS: Final = {True: "true", False: "false"}

Send = Callable[[str, str, bytes], tuple[int, bytes]]


class Caller:
    """Calls routes of the control plane.

    Args:
        send: Takes method, target and body, returns status and body.
    """

    def __init__(self, send: Send) -> None:
        self._send = send

    def call(self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None) -> Any:
        """Call a route; returns the JSON value of the response. What of the query is None is left out.

        Raises:
            ControlError: The mock refused.
            VerificationError: What was expected did not come.
        """
        chosen = {
            name: _FLAGS[value] if isinstance(value, bool) else value
            for name, value in (query or {}).items()
            if value is not None
        }
        target = f"{path}?{urlencode(chosen)}" if chosen else path
        # A decimal is sent as text, which keeps its digits.
        status, content = self._send(method, target, b"" if body is None else orjson.dumps(body, default=str))
        value = orjson.loads(content) if content else None
        if status >= 400:
            text = cast("dict[str, Any]", value).get("error", "") if isinstance(value, dict) else ""
            refused = VerificationError if status == UNMET else ControlError
            raise refused(status, str(text) or f"the control plane responded with status {status}")
        return value

    def _run(
        self,
        result: Any,
        method: str,
        path: str,
        *parameters: object,
        body: Any = None,
        members: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call a route and read its response; what of the body's members is None is left out."""
        if members is not None:
            body = {name: value for name, value in members.items() if value is not None}
        values = iter(parameters)
        target = re.sub(r"\{\w+\}", lambda _: quote(str(next(values)), safe=""), path)
        value = self.call(method, target, body, query)
        try:
            return read_json(result, value)
        except TypeError as error:
            raise ValueError(
                f"{method} {target}: the response is not valid for this version of the mock: {error}"
            ) from error
