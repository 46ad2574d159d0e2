"""Everything VINR refuses with, in one table (V45 to V49)."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.systems.call import Abort, SystemResponse

__all__ = ["DOC_URL", "KINDS", "error", "refuse"]

DOC_URL: Final = "https://docs.vinr.com/docs/troubleshooting/error-codes#"

KINDS: Final[dict[str, tuple[int, str]]] = {
    "parameter_missing": (400, "validation_error"),
    "parameter_invalid": (400, "validation_error"),
    "parameter_unknown": (400, "validation_error"),
    "invalid_api_key": (401, "authentication_error"),
    "expired_api_key": (401, "authentication_error"),
    "card_declined": (402, "payment_error"),
    "permission_denied": (403, "authentication_error"),
    "resource_missing": (404, "validation_error"),
    "idempotency_conflict": (409, "billing_error"),
    "idempotency_in_progress": (409, "billing_error"),
    "amount_too_large": (422, "billing_error"),
    "rate_limited": (429, "rate_limit_error"),
    "internal_error": (500, "api_error"),
}
"""Status and type by code: those of the document, and `card_declined`, VINR's for charges, which a fault may send."""


def error(
    code: str,
    message: str,
    request_id: str,
    param: str | None = None,
    *,
    status: int | None = None,
    kind: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> SystemResponse:
    """A response that is not a success.

    Args:
        code: What clients branch on; one of `KINDS`.
        message: A sentence for people.
        request_id: Digits of the request's id.
        param: The field or parameter concerned.
        status: Another status than the code's own.
        kind: Another type than the code's own.
        headers: Further headers.
    """
    own_status, own_kind = KINDS[code]
    detail: dict[str, Any] = {"code": code, "message": message, "type": kind or own_kind}
    if param is not None:
        detail["param"] = param
    detail["doc_url"] = DOC_URL + code
    detail["request_id"] = f"req_{request_id}"
    return SystemResponse(status or own_status, {"error": detail}, headers=headers)


def refuse(code: str, message: str, request_id: str, param: str | None = None) -> Abort:
    """The same, to be raised."""
    return Abort(error(code, message, request_id, param))
