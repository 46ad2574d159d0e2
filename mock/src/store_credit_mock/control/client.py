"""The typed client of the control plane, over HTTP or inside the process; its methods are generated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from store_credit_mock.control.call import ControlState
from store_credit_mock.control.generated.client import ControlMethods
from store_credit_mock.http import Request

if TYPE_CHECKING:
    import httpx
    import httpx2

__all__ = ["Control", "fixtures_line", "read_fixtures"]

_PATIENCE: Final = 600.0
"""Seconds that a call without a client of its own waits for its response."""


class Control(ControlMethods):
    """The control plane of one mock; use `inside` or `connect`. Every method raises `ControlError` where it refuses."""

    @classmethod
    def inside(
        cls, plane: ControlState, after: Callable[[], None] = lambda: None, *, sandbox: str | None = None
    ) -> Control:
        """Control an engine of this process.

        Args:
            plane: The engine's control plane.
            after: Called after each call.
            sandbox: The sandbox to control; that of requests that name none if left out.
        """
        token = [(b"authorization", b"Bearer " + plane.token.encode("latin-1"))]
        if sandbox is not None:
            token.append((b"x-mock-sandbox", sandbox.encode("utf-8")))

        def send(method: str, target: str, body: bytes) -> tuple[int, bytes]:
            path, _, query = target.partition("?")
            response = plane.engine.handle(Request(method, path, query, token, body))
            after()
            return response.status, response.body

        return cls(send)

    @classmethod
    def connect(
        cls,
        base_url: str,
        token: str,
        client: httpx.Client | httpx2.Client | None = None,
        *,
        sandbox: str | None = None,
    ) -> Control:
        """Control a mock that is served somewhere else.

        Args:
            base_url: Such as `http://127.0.0.1:4010`.
            token: Its control token.
            client: To send with; without it each call has a connection of its own.
            sandbox: The sandbox to control; that of requests that name none if left out.
        """
        from store_credit_mock.http_libraries import library

        http = library()
        # A large snapshot takes the mock a while; whether it is there at all is known at once.
        patience = http.Timeout(_PATIENCE, connect=5.0)
        headers = {"Authorization": f"Bearer {token}"}
        if sandbox is not None:
            headers["X-Mock-Sandbox"] = sandbox

        def send(method: str, target: str, body: bytes) -> tuple[int, bytes]:
            url = base_url.rstrip("/") + target
            if client is not None:
                answer = client.request(method, url, content=body, headers=headers)
            else:
                answer = http.request(method, url, content=body, headers=headers, trust_env=False, timeout=patience)
            return answer.status_code, answer.content

        return cls(send)

    def seed(self, fixtures: Mapping[str, Any] | str | Path) -> None:
        """Add what fixtures name: a mapping by system, or a JSON or YAML file."""
        super().seed(dict(fixtures) if isinstance(fixtures, Mapping) else read_fixtures(Path(fixtures)))


def read_fixtures(path: Path) -> dict[str, Any]:
    """Read a fixtures file, JSON or YAML: a mapping with a part for each system.

    Raises:
        ValueError: It cannot be read or is not a mapping.
    """
    from store_credit_mock.contract.document import DocumentError, compile_yaml

    try:
        text = path.read_bytes()
        value = orjson.loads(text) if path.suffix == ".json" else compile_yaml(text, str(path))["data"]
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{path}: {error}") from error
    except DocumentError as error:
        raise ValueError(str(error)) from error
    if not isinstance(value, dict):
        raise ValueError(f"{path} must contain a mapping of systems")
    return cast("dict[str, Any]", value)


def fixtures_line(path: Path, pointer: str) -> int:
    """The line of a fixtures file a JSON pointer leads to, or the nearest one above it; from 1."""
    from store_credit_mock.contract.document import compile_yaml

    # Every JSON text is YAML too.
    lines: Mapping[str, int] = compile_yaml(path.read_bytes(), str(path))["lines"]
    names = pointer.strip("/").split("/")
    while names:
        if found := lines.get("/".join(names)):
            return found
        names.pop()
    return 1
