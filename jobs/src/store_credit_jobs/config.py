"""Accounts from `store-credit.toml`: which system, where, and how its credential is found. Credentials never stay here."""

from __future__ import annotations

from typing import Literal

import attrs

__all__ = ["Account"]

SystemName = Literal["vinr", "spree-v2", "spree-v3"]


@attrs.frozen(slots=True)
class Account:
    """One account of a system.

    Attributes:
        name: Its name in the file.
        system: Which system.
        url: The server's base URL.
        credential: Where the credential is: `{"env": NAME}`, `{"command": LINE}` or `{"file": PATH}`.
        live: Whether real money is behind it: by the credential's prefix or the host, or as the file says.
        created_by: Spree v2: the id of the staff user of its own.
        category: Spree: the id of the category, where there are some.
        server: Spree v3: the server's version, such as `6.0`, or None.
        grace: Seconds after which a request cannot be running any more.
        key_window: Seconds for which the server keeps a key, less a margin; 0 to always look up.
        rate: Requests a second at most, or None for what the server announces.
        currency: The currency that `most` of the abilities is about where the server has one, or None.
    """

    name: str
    system: SystemName
    url: str
    credential: dict[str, str]
    live: bool | None = None
    created_by: str | None = None
    category: str | None = None
    server: str | None = None
    grace: float = 120.0
    key_window: float | None = None
    rate: float | None = None
    currency: str | None = None

    @property
    def identity(self) -> str:
        """What wire keys and the journal know it by: system, host and name."""
        host = self.url.partition("://")[2].partition("/")[0].lower()
        return f"{self.system}|{host}|{self.name}"
