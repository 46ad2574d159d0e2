"""OAuth applications and the passwords of users: what the token endpoint lets in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest
from typing import Final

from store_credit_mock.systems.call import Call

__all__ = ["PASSWORD", "Application", "add", "every", "find", "set_password", "sign_in", "with_secret"]

PASSWORD: Final = "spree123"  # noqa: S105 - the documented password of every user that was given none
"""The password of a user that was given none, as in the examples of Spree's reference."""

_COLUMNS: Final = "client_id, secret, name, scopes"


@dataclass(frozen=True, slots=True)
class Application:
    """A row; its secret is only kept as a digest."""

    client_id: str
    digest: str
    name: str
    scopes: str


def add(call: Call, name: str, client_id: str, secret: str, scopes: str) -> Application:
    """Add an application; its id and name must be new."""
    made = Application(client_id, _digest(secret), name, " ".join(dict.fromkeys(scopes.split())))
    call.db.run(
        f"INSERT INTO spree_application (sandbox, {_COLUMNS}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608
        (call.sandbox.name, made.client_id, made.digest, made.name, made.scopes),
    )
    return made


def every(call: Call) -> list[Application]:
    """All applications, by name."""
    sql = f"SELECT {_COLUMNS} FROM spree_application WHERE sandbox = ? ORDER BY name"  # noqa: S608
    return [Application(*row) for row in call.db.all(sql, (call.sandbox.name,))]


def find(call: Call, *, client_id: str | None = None, name: str | None = None) -> Application | None:
    """An application by its id or its name."""
    column, value = ("client_id", client_id) if name is None else ("name", name)
    sql = f"SELECT {_COLUMNS} FROM spree_application WHERE sandbox = ? AND {column} = ?"  # noqa: S608
    row = call.db.one(sql, (call.sandbox.name, value))
    return None if row is None else Application(*row)


def with_secret(call: Call, client_id: str, secret: str) -> Application | None:
    """The application that an id and a secret are those of."""
    found = find(call, client_id=client_id)
    return found if found is not None and compare_digest(found.digest, _digest(secret)) else None


def set_password(call: Call, user_id: int, password: str) -> None:
    """Give a user a password."""
    call.db.run(
        "UPDATE spree_user SET password = ? WHERE sandbox = ? AND id = ?",
        (_digest(password), call.sandbox.name, user_id),
    )


def sign_in(call: Call, email: str, password: str) -> int | None:
    """The id of the user with an email address, in any case, and a password."""
    row = call.db.one(
        "SELECT id, password FROM spree_user WHERE sandbox = ? AND LOWER(email) = ? ORDER BY id",
        (call.sandbox.name, email.strip().lower()),
    )
    if row is None:
        return None
    expected = _digest(PASSWORD) if row[1] is None else row[1]
    return row[0] if compare_digest(expected, _digest(password)) else None


def _digest(secret: str) -> str:
    # Secrets of tests: what counts is that neither a snapshot nor a database shows them.
    return blake2b(secret.encode(), digest_size=16, person=b"store-credit").hexdigest()
