"""What the ready clients of a system are made with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

__all__ = ["HttpClients"]


class HttpClients(ABC):
    """Makes HTTP clients whose every request a mock in this process responds to."""

    def address(self, usual: str) -> str:
        """Return where clients send to, for a system whose clients usually send to an address of its own."""
        return usual

    @abstractmethod
    def http_client(self) -> httpx.Client:
        """Make one for synchronous code, of the library that `STORE_CREDIT_BACKEND` names, or else httpx."""

    @abstractmethod
    def async_http_client(self) -> httpx.AsyncClient:
        """Make the same for async code."""
