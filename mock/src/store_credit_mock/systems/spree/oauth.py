"""The token endpoint, as doorkeeper 5.6 is set up by Spree.

Source: recordings `oauth.token.*`; doorkeeper v5.6.6 (tokens_controller.rb, lib/doorkeeper/oauth); Spree's
api/config/initializers/doorkeeper.rb: refresh tokens, no client needed for the password grant, scopes admin, write and
read.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, Final

from store_credit_mock.systems.call import Abort, Call, SystemResponse
from store_credit_mock.systems.spree import applications, authentication
from store_credit_mock.systems.spree.applications import Application
from store_credit_mock.systems.spree.rails_params import parameters
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["OPERATIONS", "refused", "revoke", "token"]

_JSON: Final = "application/json; charset=utf-8"
_SERVER_SCOPES: Final = ("admin", "write", "read")
_BROWSER: Final = re.compile(r",\s*\*/\*|\*/\*\s*,")
_UNQUOTED: Final = dict.fromkeys(range(32), " ") | {ord('"'): "'", 127: " "}
_TEXTS: Final = {
    "invalid_client": "Client authentication failed due to unknown client, no client authentication included, or"
    " unsupported authentication method.",
    "invalid_grant": "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI"
    " used in the authorization request, or was issued to another client.",
    "invalid_scope": "The requested scope is invalid, unknown, or malformed.",
    "unsupported_grant_type": "The authorization grant type is not supported by the authorization server.",
}


def token(call: Call) -> SystemResponse:
    """Give a token for a grant, or say why not."""
    sent = parameters(call)
    grant = sent.get("grant_type")
    if grant is None or grant is False or grant in ([], {}) or not str(grant).strip():
        # Raised before the controller renders, so that Rails adds no Vary.
        return refused("invalid_request", "Missing required parameter: grant_type.")
    handler = _GRANTS.get(grant) if isinstance(grant, str) else None
    if handler is None:
        return refused("unsupported_grant_type")
    try:
        answer = handler(call, sent)
    except Abort as refusal:
        answer = refusal.answer
    return _rendered(call, answer)


def revoke(call: Call) -> SystemResponse:
    """End an access token or a refresh token and what came with it; one that is not there counts as ended."""
    sent = parameters(call)
    text = _text(sent.get("token"))
    found = _row(call, "refresh", text)
    if sent.get("token_type_hint") != "refresh_token":
        found = _row(call, "token", text) or found
    body: dict[str, str] = {}
    status = 200
    if found is not None:
        own, application, expires_at, revoked_at = found[0], found[2], found[5], found[6]
        client = _client(call, sent)
        if application is not None and (client is None or client.name != application):
            status = 403
            body = {"error": "unauthorized_client", "error_description": "You are not authorized to revoke this token"}
        elif revoked_at is None and (expires_at is None or expires_at > call.now):
            # One that has expired is left as it is: its refresh token lives on.
            call.db.run(
                "UPDATE spree_token SET revoked_at = ? WHERE sandbox = ? AND token = ?",
                (call.now, call.sandbox.name, own),
            )
    answer = SystemResponse(status, body, _JSON)
    answer.headers.append(("cache-control", "max-age=0, private, must-revalidate" if status == 200 else "no-cache"))
    return _rendered(call, answer)


OPERATIONS: Final = {"token": token, "revoke": revoke}


def _client_credentials(call: Call, sent: dict[str, Any]) -> SystemResponse:
    client = _client(call, sent)
    if client is None:
        return refused("invalid_client")
    scopes = _scopes(sent)
    if (scopes or client.scopes) and not _granted(scopes, client.scopes.split() or _SERVER_SCOPES):
        return refused("invalid_scope")
    return _issued(call, None, client.name, scopes, profile_of(call).token_life, refresh=False)


def _password(call: Call, sent: dict[str, Any]) -> SystemResponse:
    client = _client(call, sent)
    if client is None and (sent.get("client_id") is not None or _credentials(call, sent) is not None):
        return refused("invalid_client")
    name, password = sent.get("username"), sent.get("password")
    user_id = (
        applications.sign_in(call, name, password) if isinstance(name, str) and isinstance(password, str) else None
    )
    if user_id is None:
        return refused("invalid_grant")
    scopes, allowed = _scopes(sent), "" if client is None else client.scopes
    if scopes and not _granted(scopes, allowed.split() or _SERVER_SCOPES):
        return refused("invalid_scope")
    return _issued(call, user_id, None if client is None else client.name, scopes, profile_of(call).token_life)


def _refresh(call: Call, sent: dict[str, Any]) -> SystemResponse:
    text = _text(sent.get("refresh_token"))
    if not text.strip():
        return refused("invalid_request", "Missing required parameter: refresh_token.")
    found = _row(call, "refresh", text)
    if found is None or found[6] is not None:
        return refused("invalid_grant")
    _, user_id, application, scopes, life, _, _ = found
    client = _client(call, sent)
    if client is None and _credentials(call, sent) is not None:
        return refused("invalid_client")
    if application is not None and (client is None or client.name != application):
        return refused("invalid_grant")
    wanted, granted = _scopes(sent), scopes.split()
    if wanted and not _granted(wanted, granted):
        return refused("invalid_scope")
    if not wanted:
        allowed = [] if client is None else client.scopes.split()
        wanted = [scope for scope in granted if not allowed or scope in allowed]
    return _issued(call, user_id, application, wanted, life, previous=text)


_GRANTS: Final = {"client_credentials": _client_credentials, "password": _password, "refresh_token": _refresh}


def _issued(
    call: Call,
    user_id: int | None,
    application: str | None,
    scopes: list[str],
    life: int | None,
    *,
    refresh: bool = True,
    previous: str | None = None,
) -> SystemResponse:
    made = call.sandbox.random_id("spree access token", length=43)
    renewal = call.sandbox.random_id("spree refresh token", length=43) if refresh else None
    text = " ".join(scopes)
    authentication.issue(call, made, user_id, application, text, life, refresh=renewal, previous_refresh=previous)
    members: dict[str, Any] = {
        "access_token": made,
        "token_type": "Bearer",
        "expires_in": life,
        "refresh_token": renewal,
        "scope": text,
        "created_at": call.now // 1000,
    }
    body = {name: value for name, value in members.items() if value not in {None, ""}}
    return SystemResponse(200, body, _JSON, [("cache-control", "no-store")])


def refused(name: str, description: str | None = None) -> SystemResponse:
    """Refuse in the form of RFC 6749; without a description in doorkeeper's words."""
    text = _TEXTS[name] if description is None else description
    # A quote would end it, and what a request was wrong about may have been quoted.
    challenge = f'Bearer realm="Doorkeeper", error="{name}", error_description="{text.translate(_UNQUOTED)}"'
    return SystemResponse(
        401 if name == "invalid_client" else 400,
        {"error": name, "error_description": text},
        _JSON,
        [("cache-control", "no-store"), ("www-authenticate", challenge)],
    )


def _rendered(call: Call, answer: SystemResponse) -> SystemResponse:
    """Add what Rails adds where a controller renders: Vary for whoever names a type, and the tag of a success."""
    accept = call.request.header("accept")
    if accept and _BROWSER.search(accept) is None:
        answer.headers.append(("vary", "Accept"))
    if answer.status == 200:
        answer.headers.append(("etag", f'W/"{answer.digest()}"'))
    return answer


def _row(call: Call, column: str, value: str) -> Any:
    if not value:
        return None
    return call.db.one(
        "SELECT token, user_id, application, scopes, life, expires_at, revoked_at FROM spree_token"  # noqa: S608
        f" WHERE sandbox = ? AND {column} = ?",
        (call.sandbox.name, value),
    )


def _credentials(call: Call, sent: dict[str, Any]) -> tuple[str, str] | None:
    """Id and secret of the client: by HTTP Basic, or else as parameters."""
    header = call.request.header("authorization") or ""
    if header.startswith("Basic "):
        try:
            decoded = base64.b64decode(header[6:]).decode("utf-8", "replace")
        except binascii.Error:
            decoded = ""
        name, _, secret = decoded.partition(":")
        if name.strip():
            return name, secret
    name = _text(sent.get("client_id"))
    return (name, _text(sent.get("client_secret"))) if name.strip() else None


def _client(call: Call, sent: dict[str, Any]) -> Application | None:
    credentials = _credentials(call, sent)
    return None if credentials is None else applications.with_secret(call, *credentials)


def _scopes(sent: dict[str, Any]) -> list[str]:
    """The scopes asked for, each once.

    Raises:
        Abort: They are no text: 400.
    """
    sought = sent.get("scope")
    if sought is None or isinstance(sought, str):
        return list(dict.fromkeys((sought or "").split()))
    raise Abort(refused("invalid_scope"))


def _granted(scopes: list[str], allowed: list[str] | tuple[str, ...]) -> bool:
    return bool(scopes) and set(scopes) <= set(allowed)


def _text(value: Any) -> str:
    """What Rails' `to_s` gives of a single value; nothing of an array or an object, which names no token."""
    return "" if value is None or isinstance(value, list | dict) else str(value)
