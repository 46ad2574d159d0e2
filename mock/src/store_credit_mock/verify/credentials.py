"""The credentials of a run: used, and never shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from store_credit_mock.redaction import Redactor

__all__ = ["CONTROL", "Credentials"]

CONTROL = "STORE_CREDIT_MOCK_CONTROL_TOKEN"
"""The environment variable of the control plane's token; a credential is shown under the name of its variable."""


class Credentials:
    """Secrets by the name of their variable.

    Args:
        values: Those there are; an empty one counts as none.

    Attributes:
        values: The secrets by name.

    Raises:
        ValueError: One cannot stand in a header.
    """

    def __init__(self, values: Mapping[str, str | None]) -> None:
        self.values = {name: value for name, value in values.items() if value}
        for name, value in self.values.items():
            if value != value.strip() or not value.isprintable() or not value.isascii():
                raise ValueError(f"{name} contains spaces or other characters that are not valid in a header")
        self._redactor = Redactor(known={value: f"${name}" for name, value in self.values.items()})

    def __repr__(self) -> str:
        return f"<Credentials {', '.join(self.values)}>"

    def get(self, name: str) -> str | None:
        """The secret, or None."""
        return self.values.get(name)

    def add(self, name: str, value: str) -> None:
        """Keep one more secret, such as a token that was issued during the run."""
        if self.values.setdefault(name, value) == value:
            self._redactor.add(value, f"${name}")

    def pairs(self) -> Iterable[tuple[str, str]]:
        """Variable and secret, the longest secret first: one may be part of another."""
        return sorted(self.values.items(), key=lambda pair: -len(pair[1]))

    def redacted(self, text: str) -> str:
        """Put the name of its variable in the place of each credential, and take out whatever else is secret."""
        return self._redactor.text(text)
