"""Versions of Spree that speak API v3: which one a client talks to, as it was told or as responses show it.

What is given to a client is a version; what responses show is a family at most, 5.x or 6.x. While neither is known,
nothing is refused for it. The signals are those that the document names (`x-families` of the system).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from store_credit._core.errors import ConfigurationError, kind_of

__all__ = ["FAMILIES", "SIGNALS", "Server", "version_label"]

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "5.x": ("5.5", "5.6"),
    "6.x": ("6.0-alpha", "6.0-alpha+ledger", "6.0"),
}
"""The versions that the document knows, by family."""

SIGNALS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "5.x": {"prefixes": ("cus_", "admin_"), "members": ("category_id", "category_name")},
    "6.x": {"prefixes": ("cust_", "adm_"), "members": ("amount_authorized", "outstanding")},
}
"""What shows a family: the prefix of an id in a record of a response, or a member that only this family's have."""

_VERSIONS: Final = [version for versions in FAMILIES.values() for version in versions]
_RELEASE: Final = re.compile(r"([0-9]+\.[0-9]+)(\.[0-9]+)*(?:[.-]?(alpha|beta|rc)[0-9.]*)?", re.ASCII)


def version_label(server: Any) -> str:
    """Find the version of the document that a server's is: `5.6.1` is 5.6, `6.0.0.alpha` is 6.0-alpha.

    Raises:
        ConfigurationError: It is none that the document knows.
    """
    if not isinstance(server, str):
        raise ConfigurationError(f"server is {kind_of(server)}; pass a str such as '5.6'")
    text = server.strip()
    if text in _VERSIONS:
        return text
    match = _RELEASE.fullmatch(text.lower())
    label = None
    if match is not None:
        label = match[1] if match[3] is None else f"{match[1]}-{match[3]}"
    if label in _VERSIONS:
        return label
    near = difflib.get_close_matches(text, _VERSIONS, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ConfigurationError(
        f"server is {text[:80]!r}; pass one of {', '.join(_VERSIONS)}, or leave it out for any other version{hint}"
    )


class Server:
    """The version of a client's server.

    Attributes:
        version: As it was given, None where it was not.
        family: `5.x` or `6.x`, where it is known.
    """

    __slots__ = ("family", "version")

    def __init__(self, given: str | None = None) -> None:
        """Take the version that was given.

        Raises:
            ConfigurationError: The document knows no such version.
        """
        self.version = None if given is None else version_label(given)
        self.family = next((name for name, versions in FAMILIES.items() if self.version in versions), None)

    @property
    def shown(self) -> str:
        """What is known of it, for a message."""
        if self.version is not None:
            return f"this client's server is {self.version} (server=)"
        return f"this client's server runs Spree {self.family}, as its responses show"

    def lacks(self, versions: Sequence[str]) -> bool:
        """Whether it surely has nothing that only these versions have; no versions are all."""
        if not versions or self.family is None:
            return False
        possible = FAMILIES[self.family] if self.version is None else (self.version,)
        return not any(version in versions for version in possible)

    def learn(self, body: Any) -> None:
        """Look for a signal in the body of a response; the last one counts, since a server may be upgraded."""
        if self.version is not None or not isinstance(body, dict):
            return
        said = cast("dict[str, Any]", body)
        listed: Any = said.get("data")
        records: list[Any] = cast("list[Any]", listed)[:1] if isinstance(listed, list) else [said]
        for record in records:
            if isinstance(record, dict):
                self.family = _family(cast("dict[str, Any]", record)) or self.family


def _family(record: dict[str, Any]) -> str | None:
    ids = [one for name, one in record.items() if isinstance(one, str) and (name == "id" or name.endswith("_id"))]
    for family, signals in SIGNALS.items():
        if any(name in record for name in signals["members"]) or any(
            one.startswith(signals["prefixes"]) for one in ids
        ):
            return family
    return None
