"""The credentials of an operation: the client's own, and those passed with each call."""

from __future__ import annotations

from typing import NamedTuple

from store_credit_tools.generate.ir import CallCredential
from store_credit_tools.generate.schemas import Node, Schemas

__all__ = ["Security", "read_security"]


class Security(NamedTuple):
    """How an operation is authorised.

    Attributes:
        client: How the client's own credential is sent (a header's name, or `Bearer`), or None where it must not be.
        call: The credentials that are arguments of the method.
        needs_call: A call without any of `call` cannot succeed.
    """

    client: str | None
    call: list[CallCredential]
    needs_call: bool


class _Scheme(NamedTuple):
    header: str
    prefix: str
    argument: str | None
    description: str


def read_security(schemas: Schemas, operation: Node) -> Security:
    """Read an operation's `security`; one without it inherits the document's, and an empty list switches it off.

    The schemes of one alternative are sent together, and a client holds one credential, so that an alternative with
    two of the client's is passed over.

    Raises:
        ValueError: A scheme does not exist or cannot be sent, or every alternative wants two credentials of the client.
    """
    inherited: list[Node] = list(schemas.document.get("security", []))
    alternatives: list[Node] = list(operation["security"]) if "security" in operation else inherited
    read = [[_scheme(schemas, name) for name in alternative] for alternative in alternatives]
    usable = [one for one in read if len({scheme.header for scheme in one if scheme.argument is None}) < 2]
    if read and not usable:
        names = " and ".join(alternatives[0])
        raise ValueError(f"its security wants {names} together; a client holds one credential")
    client: str | None = None
    found: dict[str, CallCredential] = {}
    for alternative in usable:
        for scheme in alternative:
            if scheme.argument is None:
                client = client or ("Bearer" if scheme.prefix else scheme.header)
            elif scheme.argument not in found:
                required = all(scheme.argument in [other.argument for other in one] for one in usable)
                found[scheme.argument] = CallCredential(
                    scheme.argument, scheme.header, scheme.prefix, required, scheme.description
                )
    needs_call = bool(usable) and all(any(scheme.argument for scheme in one) for one in usable)
    return Security(client, list(found.values()), needs_call)


def _scheme(schemas: Schemas, name: str) -> _Scheme:
    known: Node = schemas.document.get("components", {}).get("securitySchemes", {})
    if name not in known:
        raise ValueError(f"its security names {name!r}, which components/securitySchemes does not hold")
    scheme = schemas.resolve(known[name])
    argument = None if scheme.get("x-argument") is None else str(scheme["x-argument"])
    description = str(scheme.get("description", ""))
    match scheme.get("type"), str(scheme.get("scheme", "")).lower(), scheme.get("in"):
        case "apiKey", _, "header":
            return _Scheme(str(scheme["name"]), "", argument, description)
        case ("http", "bearer", _) | ("oauth2" | "openIdConnect", _, _):
            return _Scheme("Authorization", "Bearer ", argument, description)
        case kind, http, place:
            what = " ".join(str(one) for one in (kind, http, place and f"in {place}") if one)
            raise ValueError(f"the security scheme {name} is {what}; the SDK sends keys in headers and bearer tokens")
