"""Who is calling: access tokens, scopes and what they open (spree.md section 2 and 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call, SystemResponse, WriteNeeded
from store_credit_mock.systems.spree.errors import NOT_ALLOWED, error, silent_400
from store_credit_mock.systems.spree.rails_params import parameters, tree

__all__ = ["GUEST", "Caller", "admin_token", "issue", "platform", "sandbox_of", "storefront", "token_endpoint"]

_FIND: Final = (
    "SELECT t.user_id, t.application, t.scopes, t.expires_at, t.revoked_at, u.admin, t.previous_refresh"
    " FROM spree_token t"
    " LEFT JOIN spree_user u ON u.sandbox = t.sandbox AND u.id = t.user_id WHERE t.sandbox = ? AND t.token = ?"
)


_NAMED: Final = re.compile(rb"(?:(?i:bearer)\s+)?sandbox_([^_]+)_.+")


class Caller(NamedTuple):
    """Whoever sent the request.

    Attributes:
        user_id: The user a token stands for; None for an application's own token and for a guest.
        admin: Whether that user may do everything.
    """

    user_id: int | None = None
    admin: bool = False


GUEST: Final = Caller()


def admin_token(sandbox: Sandbox) -> str:
    """The admin bearer of a sandbox: that of the options, or the one that was made up."""
    return sandbox.of_systems["spree_token"] or sandbox.setting("spree.token")


def sandbox_of(headers: Mapping[bytes, bytes]) -> str | None:
    """The sandbox that a bearer or an order token names: `sandbox_NAME_...`, up to the next underscore."""
    for name in (b"authorization", b"x-spree-order-token"):
        sent = headers.get(name)
        if sent is not None and b"sandbox_" in sent and (found := _NAMED.fullmatch(sent.strip())):
            return found[1].decode("latin-1")
    return None


def issue(
    call: Call,
    token: str,
    user_id: int | None,
    application: str | None,
    scopes: str,
    life: int | None,
    *,
    refresh: str | None = None,
    previous_refresh: str | None = None,
) -> None:
    """Keep a new access token.

    Args:
        call: In a write transaction.
        token: Its text.
        user_id: Whom it stands for; None for an application itself.
        application: The OAuth application; None for a token that was asked for without one.
        scopes: Parted by blanks.
        life: Seconds; None never ends.
        refresh: The refresh token that came with it.
        previous_refresh: The refresh token that it was made for, which ends when this one is first used.
    """
    expires = None if life is None else call.now + life * 1000
    call.db.run(
        "INSERT INTO spree_token"
        " (sandbox, token, user_id, application, scopes, life, expires_at, refresh, previous_refresh)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (call.sandbox.name, token, user_id, application, scopes, life, expires, refresh, previous_refresh),
    )


def platform(call: Call) -> SystemResponse | None:
    """Let a caller of the platform API in, or say why not: always 401, never 403 (D8)."""
    token = _bearer(call)
    if token is None:
        if call.body.kind == "malformed":
            return silent_400()
        token = _parameter(call)
    row = _find(call, token)
    if row is None:
        return error(401, "The access token is invalid")
    user_id, application, scopes, expires_at, revoked_at, admin, _ = row
    if application is None:
        return error(401, "Doorkeeper::Errors::DoorkeeperError")
    ended = _ended(call, expires_at, revoked_at)
    if ended is not None:
        return ended
    granted = scopes.split()
    if "admin" not in granted:
        if "read" not in granted:
            return error(401, 'Access to this resource requires scope "read admin".')
        if call.request.method not in {"GET", "HEAD"} and "write" not in granted:
            return error(401, 'Access to this resource requires scope "write admin".')
    if user_id is not None and not admin:
        return error(401, NOT_ALLOWED)
    call.caller = Caller(user_id, bool(admin))
    return None


def storefront(call: Call) -> SystemResponse | None:
    """Find the customer a bearer stands for. An unknown bearer is a guest, one that has ended is refused."""
    token = _bearer(call)
    if token is None:
        if call.body.kind == "malformed":
            return silent_400()
        token = _parameter(call)
    row = _find(call, token)
    call.caller = GUEST
    if row is None:
        return None
    ended = _ended(call, row[3], row[4])
    if ended is None:
        call.caller = Caller(row[0], bool(row[5]))
    return ended


def token_endpoint(call: Call) -> SystemResponse | None:
    """Let anybody in: the body says who is asking. Malformed JSON is answered as elsewhere without a token."""
    call.caller = GUEST
    return silent_400() if call.body.kind == "malformed" else None


def _ended(call: Call, expires_at: int | None, revoked_at: int | None) -> SystemResponse | None:
    if revoked_at is not None and revoked_at <= call.now:
        return error(401, "The access token was revoked")
    if expires_at is not None and expires_at <= call.now:
        return error(401, "The access token expired")
    return None


def _find(call: Call, token: str | None) -> Any:
    if not token:
        return None
    row = call.db.one(_FIND, (call.sandbox.name, token))
    if row is None:
        prefix = call.sandbox.key_prefix
        if prefix and token.startswith(prefix) and len(token) > len(prefix):
            # As any key of VINR opens its sandbox, so does any token that names one, but for those it knows otherwise.
            return None, "back-office", "admin", None, None, None, None
    elif row[6] is not None:
        _end_previous(call, token, row[6])
    return row


def _end_previous(call: Call, token: str | None, refresh: str) -> None:
    """Revoke what a token was made for by a refresh, now that it is used (doorkeeper 5.6, access_token_mixin.rb)."""
    if not call.writes:
        raise WriteNeeded
    sandbox = call.sandbox.name
    call.db.run(
        "UPDATE spree_token SET revoked_at = ? WHERE sandbox = ? AND refresh = ? AND revoked_at IS NULL",
        (call.now, sandbox, refresh),
    )
    call.db.run("UPDATE spree_token SET previous_refresh = NULL WHERE sandbox = ? AND token = ?", (sandbox, token))


def _bearer(call: Call) -> str | None:
    header = call.request.header("authorization")
    if header is None or header[:7].lower() != "bearer ":
        return None
    return header[7:].strip()


def _parameter(call: Call) -> str | None:
    sent = parameters(call) if call.body.kind in {"json", "form"} else tree(call)
    for name in ("access_token", "bearer_token"):
        value = sent.get(name)
        if isinstance(value, str):
            return value
    return None
