"""Whether a request has the credentials that the document asks for: that they are there, not whether they are right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from store_credit_mock.contract import Document, Operation
from store_credit_mock.contract.document import fragment
from store_credit_mock.systems.call import Call

__all__ = ["Security"]

_Scheme = Mapping[str, Any]


class Security:
    """The security requirements of one operation.

    Args:
        document: Whose security schemes they name.
        operation: The operation; what it says wins over the root of the document.
    """

    def __init__(self, document: Document, operation: Operation) -> None:
        requirements: Any = operation.definition.get("security", document.data.get("security"))
        self._alternatives: list[list[_Scheme]] = []
        for requirement in cast("list[dict[str, Any]]", requirements or []):
            self._alternatives.append([_scheme(document, name) for name in requirement])

    def lacks(self, call: Call) -> bool:
        """Whether none of the alternatives is there as a whole."""
        return bool(self._alternatives) and not any(
            all(_is_sent(scheme, call) for scheme in schemes) for schemes in self._alternatives
        )

    def challenges(self) -> Iterator[str]:
        """Give what `WWW-Authenticate` says: one for each scheme of HTTP's own."""
        known: dict[str, None] = {}
        for schemes in self._alternatives:
            for scheme in schemes:
                if (name := _http_scheme(scheme)) is not None:
                    known[name] = None
        return (f'{name.title()} realm="mock"' for name in known)

    def wanted(self) -> str:
        """Name what may be sent, for the sentence of a refusal."""
        return " or ".join(" and ".join(map(_told, schemes)) for schemes in self._alternatives)


def _scheme(document: Document, name: str) -> _Scheme:
    components: Any = document.data.get("components", {})
    if name not in components.get("securitySchemes", {}):
        return {}
    return cast("_Scheme", document.resolve(fragment("components", "securitySchemes", name))[1])


def _http_scheme(scheme: _Scheme) -> str | None:
    kind = scheme.get("type")
    if kind == "http":
        return str(scheme.get("scheme", "")).lower()
    return "bearer" if kind in {"oauth2", "openIdConnect"} else None


def _is_sent(scheme: _Scheme, call: Call) -> bool:
    name = _http_scheme(scheme)
    if name is not None:
        begins, _, rest = (call.request.header("authorization") or "").strip().partition(" ")
        return begins.lower() == name and bool(rest.strip())
    if scheme.get("type") != "apiKey":
        return True  # A certificate of the client, or a scheme that nothing is known of.
    key, place = str(scheme["name"]), scheme.get("in")
    if place == "query":
        return any(one == key and value for one, value in call.query_pairs)
    if place == "cookie":
        return key in _cookies(call)
    return bool(call.request.header(key.lower()))


def _cookies(call: Call) -> Iterable[str]:
    sent = (call.request.header("cookie") or "").split(";")
    return (name.strip() for name, sign, value in (one.partition("=") for one in sent) if sign and value.strip())


def _told(scheme: _Scheme) -> str:
    name = _http_scheme(scheme)
    if name is not None:
        return f"Authorization: {name.title()}"
    return f"{scheme.get('name', 'a credential')} in {scheme.get('in', 'header')}"
