"""What servers of a system are known to answer: the mock, in observe mode, in each version that it plays.

The mock is compared with recordings step by step (`scripts/replay --mock`). So what it takes or fails at as well,
although the document forbids it, is the way of the real system, and no promise that a server breaks.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator, Mapping
from typing import Any, cast

import orjson

from store_credit_mock.contract import Contract, Match
from store_credit_mock.control import Control
from store_credit_mock.factory import Engine
from store_credit_mock.http import Request
from store_credit_mock.http_libraries import httpx
from store_credit_mock.httpx_transport import EngineTransport
from store_credit_mock.sandbox import Options
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.scenarios import Target
from store_credit_mock.verify.systems import VerifiedSystem

__all__ = ["Reference"]


class Reference:
    """The versions of a system that the mock plays; made when they are first asked.

    Args:
        system: What is known of the system.
        contract: The document.
        ids: Ids that exist on the server that is verified, which its requests name.
    """

    def __init__(self, system: VerifiedSystem, contract: Contract, ids: Mapping[str, str]) -> None:
        self._system = system
        self._contract = contract
        self._ids = ids
        self._versions: list[_Version] | None = None

    def close(self) -> None:
        """Close the mocks."""
        for version in self._versions or ():
            version.engine.close()

    def alike(self, request: Request, match: Match | None, status: int) -> str:
        """Name the first version that answers a request in the same class of statuses; empty if none does."""
        if match is None:
            return ""
        return next((name for name, own in self._statuses(request, match) if own // 100 == status // 100), "")

    def passes_over(self, request: Request, match: Match | None, header: str) -> str:
        """Name the first version that answers a request alike with and without a header; empty if none does.

        What a server made of it then does not hang on the header, whatever state its records were in.
        """
        if match is None:
            return ""
        named = header.lower().encode()
        others = [one for one in request.headers if one[0].lower() != named]
        without = Request(request.method, request.path, request.query, others, request.body)
        return next((one.name for one in self._known() if one.status(request, match) == one.status(without, match)), "")

    def could_make(self, request: Request, match: Match, status: int) -> bool:
        """Say whether a create that failed may have made a record: not if it fails on the mock too, and makes none."""
        for version in self._known():
            if version.status(request, match) // 100 == status // 100:
                return version.has_more()
        return True

    def _statuses(self, request: Request, match: Match) -> Iterator[tuple[str, int]]:
        for version in self._known():
            yield version.name, version.status(request, match)

    def _known(self) -> list[_Version]:
        if self._versions is None:
            self._versions = [
                _Version(self._system, self._contract, options, self._ids) for options in self._system.versions
            ]
        return self._versions


class _Version:
    def __init__(
        self, system: VerifiedSystem, contract: Contract, options: Mapping[str, str], ids: Mapping[str, str]
    ) -> None:
        self._system = system
        self.name = " ".join((system.title, *options.values()))
        self._credentials = Credentials(system.reference_secrets)
        of_systems: dict[str, Any] = {**options, **system.reference_options}
        self.engine = Engine(contract, None, Options(strict=False, seed=1, **of_systems), partial=True)
        own = system.reference_ids(options)
        self._swapped = {ids[name]: value for name, value in own.items() if name in ids}
        self._named = {name: value for name, value in own.items() if name in ids}
        client = httpx.Client(
            transport=EngineTransport(self.engine),
            base_url="http://127.0.0.1",
            headers=system.headers(self._credentials),
            trust_env=False,
        )
        self._target = Target(system.name, client, CreatedRecords(system), own)
        self._control = Control.inside(self.engine.control)
        self._existing = system.existing_ids(self._target, self._control, self._credentials)
        self._fresh = self._control.snapshot()

    def has_more(self) -> bool:
        """Whether there are rows, of whatever kind, that were not there before the last request."""
        now, fresh = (sum(map(len, state["rows"].values())) for state in (self._control.snapshot(), self._fresh))
        return now > fresh

    def status(self, request: Request, match: Match) -> int:
        """Answer a request as if its record were here, and none came before it; return the status."""
        self._control.restore(self._fresh)
        operation = match.operation.id
        path, role = request.path, self._system.role(match.operation)
        if role.identity in match.path:
            known = self._existing.get(role.resource)
            identity = known[0] if known else self._system.make_record(self._target, role.resource)
            if identity is not None:
                path = match.operation.template
                for name, value in {**match.path, **self._named, role.identity: identity}.items():
                    path = path.replace(f"{{{name}}}", urllib.parse.quote(value, safe=""))
        opens = dict(self._system.opening_headers(operation, self._credentials))
        names = {name.lower().encode() for name in opens}
        headers = [header for header in request.headers if header[0].lower() not in names]
        headers += [(name.encode(), value.encode()) for name, value in opens.items()]
        return self.engine.handle(
            Request(request.method, path, request.query, headers, self._own_ids(request.body))
        ).status

    def _own_ids(self, body: bytes) -> bytes:
        try:
            value: Any = orjson.loads(body)
        except orjson.JSONDecodeError:
            return body
        if not isinstance(value, dict):
            return body
        whole = cast("dict[str, Any]", value)
        inner = [cast("dict[str, Any]", one) for one in whole.values() if isinstance(one, dict)]
        for members in (whole, *inner):
            for name, member in members.items():
                if name in self._existing and isinstance(member, str | int) and str(member) in self._swapped:
                    members[name] = type(member)(self._swapped[str(member)])
        return orjson.dumps(whole)
