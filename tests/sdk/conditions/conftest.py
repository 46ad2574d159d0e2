"""What the tests of real conditions share: servers on 127.0.0.1, and a time limit for what hangs when it is broken."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from loopback import CERTIFICATES, Handle, LoopbackServer, echo, tls_context

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test that waits for what never comes fail, and name it."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture
def loopback(environment: pytest.MonkeyPatch) -> Iterator[Callable[..., LoopbackServer]]:
    """Starts servers, which are stopped at the test's end. Clients made here trust the tests' own authority."""
    environment.setenv("SSL_CERT_FILE", str(CERTIFICATES / "ca.pem"))
    with ExitStack() as stack:

        def start(handle: Handle = echo, *, scheme: str = "http", certificate: str = "loopback") -> LoopbackServer:
            tls = tls_context(certificate) if scheme == "https" else None
            return stack.enter_context(LoopbackServer(handle, tls))

        yield start
