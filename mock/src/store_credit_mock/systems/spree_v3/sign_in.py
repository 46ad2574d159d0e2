"""How staff and customers sign in, and how customers register."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.sandbox import LATEST
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.spree_v3 import customers, errors, lockouts, serializers, staff, web_tokens
from store_credit_mock.systems.spree_v3.actions import Action, Route
from store_credit_mock.systems.spree_v3.customer_actions import made
from store_credit_mock.systems.spree_v3.customers import Customer
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["SIGN_IN_ACTIONS", "SIGN_IN_ROUTES"]

_INVALID: Final = "Invalid email or password"
_LOCKED: Final = "Account temporarily locked. Try again later."
_FAILED: Final = "Authentication failed"
_REFRESH_LIFE_MS: Final = 30 * 86_400_000


def staff_login(call: Call) -> SystemResponse:
    """Give a member of the staff a token, and a cookie to renew it by."""
    sent = _sent(call)
    if isinstance(sent, SystemResponse):
        return sent
    email, password = sent
    found = staff.find_by_email(call, email)
    counts = profile_of(call).counts_failures
    if found is None:
        return errors.error("authentication_failed", _INVALID)
    if counts and lockouts.is_locked(call, "staff", found.id):
        return errors.error("authentication_failed", _LOCKED)
    if not staff.has_password(call, found, password):
        if counts:
            lockouts.count_failure(call, "staff", found.id)
        return errors.error("authentication_failed", _INVALID)
    lockouts.clear(call, "staff", found.id)
    token = web_tokens.issue(call, found.id, "admin_api")
    answer = SystemResponse(200, {"token": token, "user": serializers.staff_member(call, found)})
    answer.headers.append(("set-cookie", _refresh_cookie(call)))
    return answer


def customer_login(call: Call) -> SystemResponse:
    """Give a customer a token, and another one to renew it by."""
    sent = _sent(call)
    if isinstance(sent, SystemResponse):
        return sent
    email, password = sent
    found = customers.find_by_email(call, email)
    counts = profile_of(call).counts_failures
    if found is None:
        return errors.error("authentication_failed", _INVALID)
    if counts and lockouts.is_locked(call, "customer", found.id):
        return errors.error("authentication_failed", _LOCKED)
    if not customers.has_password(call, found, password):
        if counts:
            found.failed_attempts = lockouts.count_failure(call, "customer", found.id)
            customers.save(call, found)
        return errors.error("authentication_failed", _INVALID)
    if found.failed_attempts:
        lockouts.clear(call, "customer", found.id)
        found.failed_attempts = 0
        customers.save(call, found)
    return SystemResponse(200, _signed_in(call, found))


def register(call: Call) -> SystemResponse:
    """Add a customer, who is signed in at once."""
    found = made(call, password=True)
    return found if isinstance(found, SystemResponse) else SystemResponse(201, _signed_in(call, found))


def _signed_in(call: Call, record: Customer) -> dict[str, Any]:
    return {
        "token": web_tokens.issue(call, record.id, "store_api"),
        "refresh_token": call.sandbox.random_id("spree-v3-refresh", length=48),
        "user": serializers.profile(call, record),
    }


def _sent(call: Call) -> tuple[str, str] | SystemResponse:
    """Address and password, or what is said where one of them is missing."""
    sent = state_of(call).parameters(call)
    provider = sent.get("provider") or "email"
    if provider != "email":
        return errors.error("invalid_provider", f"Unsupported authentication provider: {provider}")
    found: list[str] = []
    for name in ("email", "password"):
        value = sent.get(name)
        if not isinstance(value, str) or not value.strip():
            return errors.error("authentication_failed", f"{name.capitalize()} is required")
        found.append(value)
    if "\0" in found[0]:
        # Here the database's complaint is caught.
        return errors.error("authentication_failed", _FAILED)
    return found[0], found[1]


def _refresh_cookie(call: Call) -> str:
    from email.utils import formatdate

    ends = formatdate(min(call.now + _REFRESH_LIFE_MS, LATEST) // 1000, usegmt=True)
    token = call.sandbox.random_id("spree-v3-refresh", length=48)
    return f"spree_admin_refresh_token={token}; path=/api/v3/admin/auth; expires={ends}; httponly; samesite=lax"


SIGN_IN_ACTIONS: Final = {
    "spree_v3.admin.auth.login": Action(run=staff_login, side="admin", controller="admin/auth", signs_in=True),
    "spree_v3.store.auth.login": Action(run=customer_login, side="store", controller="store/auth", signs_in=True),
}
SIGN_IN_ROUTES: Final = (
    Route(
        "POST", "/api/v3/store/customers", Action(run=register, side="store", controller="store/customers")
    ),
)  # fmt: skip
