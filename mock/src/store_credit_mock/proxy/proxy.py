"""The proxy: passes exchanges on."""

from __future__ import annotations

from aiohttp import web

from store_credit_mock.proxy.context import ProxyContext
from store_credit_mock.proxy.downstream import CLOSE
from store_credit_mock.proxy.forwarder import ProxyExchange

__all__ = ["Proxy"]


class Proxy(ProxyContext):
    """Passes exchanges on, one call of `handle` for each; see `ProxyContext` for its arguments."""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Pass one exchange on."""
        self.count += 1
        turn = ProxyExchange(self, request, self.count)
        try:
            return await turn.run()
        except Exception as error:
            if not turn.client.begun:
                raise
            # A second response after a part of the first would be taken for its rest, or for that of the next request.
            self.reporter.say(f"x the proxy failed: {type(error).__name__}")
            turn.client.abort()
            return CLOSE
