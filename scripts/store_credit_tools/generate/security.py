"""The credentials of an operation, of which the tool only knows whether there are any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from openapi_python_client.strings import snake_case

from store_credit_tools.generate.parsed import Node, Parsed
from store_credit_tools.generate.plain import resolved

__all__ = ["TOKEN", "Alternatives", "CallCredential", "Key", "read_alternatives", "read_keyring", "read_security"]


TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header or a cookie (RFC 9110, 5.6.2)."""


class Key(NamedTuple):
    """Where a security scheme puts a credential, as `_core.keyring.Key` takes it."""

    scheme: str
    place: str
    name: str


Alternatives = tuple[tuple[Key, ...], ...]


class CallCredential(NamedTuple):
    """A credential passed with the call: `header` it goes into, and what stands before it there."""

    argument: str
    header: str
    prefix: str
    required: bool
    description: str


def read_security(parsed: Parsed, operation: Node) -> tuple[str | None, list[CallCredential], bool]:
    """Read an operation's `security`; one without it inherits the document's, and an empty list switches it off.

    Gives how the client's own credential is sent (a header's name, or `Bearer`; None where it must not be), the
    credentials that are arguments of the method, and whether a call without any of these cannot succeed.

    The schemes of one alternative are sent together, and a client holds one credential, so that an alternative with
    two of the client's is passed over.

    Raises:
        ValueError: A scheme does not exist or cannot be sent, or every alternative wants two credentials of the client.
    """
    alternatives: list[Node] = operation.get("security", parsed.document.get("security", []))
    read = [[_scheme(parsed, name) for name in alternative] for alternative in alternatives]
    usable = [one for one in read if len({scheme.header for scheme in one if not scheme.argument}) < 2]
    if read and not usable:
        names = " and ".join(alternatives[0])
        raise ValueError(
            f"its security wants {names} together; a client holds one credential: make the others arguments of the"
            " call, by x-argument in their security schemes"
        )
    own = [scheme for alternative in usable for scheme in alternative if not scheme.argument]
    client = ("Bearer" if own[0].prefix else own[0].header) if own else None
    call: dict[str, CallCredential] = {}
    for scheme in (scheme for alternative in usable for scheme in alternative if scheme.argument):
        required = all(scheme in alternative for alternative in usable)
        call.setdefault(scheme.argument, scheme._replace(required=required))
    return client, list(call.values()), bool(usable) and all(any(one.argument for one in each) for each in usable)


def _scheme(parsed: Parsed, name: str) -> CallCredential:
    """A security scheme; one without an argument is the client's."""
    known: Node = parsed.document.get("components", {}).get("securitySchemes", {})
    if name not in known:
        raise ValueError(f"its security names {name!r}, which components/securitySchemes does not hold")
    scheme = parsed.resolve(known[name])
    argument, description = str(scheme.get("x-argument", "")), str(scheme.get("description", ""))
    match scheme.get("type"), str(scheme.get("scheme", "")).lower(), scheme.get("in"):
        case "apiKey", _, "header":
            return CallCredential(argument, str(scheme["name"]), "", False, description)
        case ("http", "bearer", _) | ("oauth2" | "openIdConnect", _, _):
            return CallCredential(argument, "Authorization", "Bearer ", False, description)
        case kind, http, place:
            what = " ".join(str(one) for one in (kind, http, place and f"in {place}") if one)
            raise ValueError(
                f"the security scheme {name} is {what}; the SDK sends keys in headers and bearer tokens; name one of"
                " these, as the clients of VINR and Spree have no other"
            )


def read_alternatives(document: Node, security: Sequence[Node]) -> Alternatives:
    """Read which credentials are sent together, in order of preference; empty where none is.

    Raises:
        ValueError: A scheme does not exist, or cannot be sent.
    """
    found = tuple(tuple(_key(document, name) for name in each) for each in security)
    return found if any(found) else ()


def read_keyring(document: Node, operation: Node, system: str) -> tuple[Alternatives, list[CallCredential]]:
    """Read the `security` of an operation whose client holds several credentials, each by the argument that takes it.

    An argument is called as its scheme is, without the system's name in front, or as `x-argument` says; those with
    `x-argument` may be passed with the call as well.

    Raises:
        ValueError: As `read_alternatives`.
    """
    security = read_alternatives(document, operation.get("security", document.get("security", [])))
    call: dict[str, CallCredential] = {}
    found: list[tuple[Key, ...]] = []
    for each in security:
        keys: list[Key] = []
        for key in each:
            scheme = resolved(document, document["components"]["securitySchemes"][key.scheme])
            said = scheme.get("x-argument")
            argument = str(said or snake_case(key.scheme.removeprefix(system[:1].lower() + system[1:])))
            if said is not None:
                described = str(scheme.get("description", ""))
                call[argument] = CallCredential(argument, key.name, "", False, described)
            keys.append(key._replace(scheme=argument))
        found.append(tuple(keys))
    return tuple(found), list(call.values())


def _key(document: Node, name: str) -> Key:
    known: Node = document.get("components", {}).get("securitySchemes", {})
    if name not in known:
        raise ValueError(f"its security names {name!r}, which components/securitySchemes does not hold")
    scheme = resolved(document, known[name], "components", "securitySchemes", name)
    kind, how, place = scheme.get("type"), str(scheme.get("scheme", "")).lower(), scheme.get("in")
    match kind, how:
        case "apiKey", _ if place in ("header", "query", "cookie"):
            if place != "query" and not TOKEN.fullmatch(str(scheme["name"])):
                raise ValueError(f"the security scheme {name}: {scheme['name']!r} is not a valid name of a {place}")
            return Key(name, str(place), str(scheme["name"]))
        case ("http", "bearer") | ("oauth2" | "openIdConnect", _):
            return Key(name, "bearer", "Authorization")
        case "http", "basic":
            return Key(name, "basic", "Authorization")
        case _:
            what = " ".join(str(one) for one in (kind, how) if one)
            raise ValueError(
                f"the security scheme {name} is {what}; the SDK sends keys in headers, queries and cookies, bearer"
                " tokens and HTTP basic"
            )
