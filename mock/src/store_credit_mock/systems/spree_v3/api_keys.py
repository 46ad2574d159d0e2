"""API keys: secret ones with scopes for the admin side, publishable ones for the store side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final

import orjson

from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import stores
from store_credit_mock.systems.spree_v3.caller import ApiKey
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.stores import DEFAULT_STORE, Store
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = [
    "EVERYTHING",
    "HEADER",
    "PUBLISHABLE",
    "SECRET",
    "add",
    "described",
    "find",
    "known",
    "made_up",
    "publishable_key",
    "revoke",
    "sandbox_of",
    "secret_key",
    "sent",
]

HEADER: Final = "x-spree-api-key"
SECRET: Final = "sk_"  # noqa: S105 - how such keys begin
PUBLISHABLE: Final = "pk_"
EVERYTHING: Final = ("write_all",)
"""The scope that includes every other."""
_PREFIX_LENGTH: Final = 12
_NAMED: Final = re.compile(rb"[sp]k_sandbox_([^_]+)_.+")
_OF_STORE: Final = ", ".join(f"s.{name}" for name in stores.COLUMNS.split(", "))
_FIND: Final = (
    f"SELECT k.id, k.kind, k.scopes, k.revoked_at, {_OF_STORE} FROM spree_v3_api_key k"  # noqa: S608
    " JOIN spree_v3_store s ON s.sandbox = k.sandbox AND s.id = k.store_id WHERE k.sandbox = ? AND k.digest = ?"
)


def sent(call: Call) -> str | None:
    """The key that a request was sent with, known or not; blanks are none."""
    return (call.request.header(HEADER) or "").strip() or None


def find(call: Call, token: str | None, *, secret: bool) -> tuple[ApiKey | None, Store]:
    """The key of a kind that a text is, if it is not revoked, and the store that a request with it is for.

    That is the key's own, or else the default one; 5.x knows the keys of the default store alone.
    """
    if token is None or not token.startswith(SECRET if secret else PUBLISHABLE):
        return None, stores.find(call, DEFAULT_STORE)
    row = call.db.one(_FIND, (call.sandbox.name, _digest(token)))
    if row is None:
        key, store = None, stores.find(call, DEFAULT_STORE)
        prefix = (SECRET if secret else PUBLISHABLE) + call.sandbox.key_prefix
        if call.sandbox.key_prefix and token.startswith(prefix) and len(token) > len(prefix):
            # As any key of VINR opens its sandbox, so does any key that names one, but for those it knows otherwise.
            key = ApiKey(0, DEFAULT_STORE, secret, frozenset(EVERYTHING if secret else ()))
        return key, store
    identity, kind, scopes, revoked_at, *of_store = row
    store = stores.read(tuple(of_store))
    good = (kind == "secret") == secret and (revoked_at is None or revoked_at > call.now)
    if not good or (store.id != DEFAULT_STORE and not profile_of(call).store_by_key):
        return None, store if store.id == DEFAULT_STORE else stores.find(call, DEFAULT_STORE)
    return ApiKey(identity, store.id, secret, frozenset(orjson.loads(scopes))), store


def known(call: Call, token: str) -> bool:
    """Whether there is a key of this text, revoked or not."""
    return call.db.one(_FIND, (call.sandbox.name, _digest(token))) is not None


def add(
    call: Call,
    name: str,
    token: str,
    scopes: Iterable[str] = (),
    *,
    store_id: int = DEFAULT_STORE,
    created_by_id: int | None = None,
) -> int:
    """Keep a key under a new number; `sk_...` is a secret one, `pk_...` a publishable one."""
    identity = next_id(call, "api_key")
    secret = token.startswith(SECRET)
    call.db.run(
        "INSERT INTO spree_v3_api_key (sandbox, id, store_id, name, kind, digest, token, token_prefix, scopes,"
        " created_by_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            call.sandbox.name, identity, store_id, name, "secret" if secret else "publishable", _digest(token),
            None if secret else token, token[:_PREFIX_LENGTH] if secret else None,
            orjson.dumps(list(scopes)).decode(), created_by_id, call.now, call.now,
        ),
    )  # fmt: skip
    return identity


def described(call: Call, key_id: int) -> tuple[str, str, list[str]] | None:
    """Name, kind and scopes of a key; None if there is none of this number."""
    sql = "SELECT name, kind, scopes FROM spree_v3_api_key WHERE sandbox = ? AND id = ?"
    row = call.db.one(sql, (call.sandbox.name, key_id))
    return None if row is None else (row[0], row[1], orjson.loads(row[2]))


def revoke(call: Call, key_id: int) -> bool:
    """End a key from now on; False if there is none of this number."""
    changed = call.db.run(
        "UPDATE spree_v3_api_key SET revoked_at = ?, updated_at = ? WHERE sandbox = ? AND id = ?",
        (call.now, call.now, call.sandbox.name, key_id),
    )
    return changed > 0


def made_up(call: Call, prefix: str, purpose: str) -> str:
    """A new key: `sk_` or `pk_` and what leads to the sandbox, with 24 letters nobody has had before."""
    return f"{prefix}{call.sandbox.key_prefix}{call.sandbox.random_id(purpose, length=24)}"


def secret_key(sandbox: Sandbox) -> str:
    """The secret key of a sandbox that opens everything."""
    return sandbox.of_systems["spree_v3_secret_key"]


def publishable_key(sandbox: Sandbox) -> str:
    """The publishable key of a sandbox."""
    return sandbox.of_systems["spree_v3_publishable_key"]


def sandbox_of(headers: Mapping[bytes, bytes]) -> str | None:
    """The sandbox that a key names: `sk_sandbox_NAME_...`, up to the next underscore."""
    key = headers.get(HEADER.encode())
    found = None if key is None else _NAMED.fullmatch(key.strip())
    return None if found is None else found[1].decode("latin-1")


def _digest(token: str) -> str:
    return blake2b(token.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()
