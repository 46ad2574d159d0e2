"""The mocks that "Try it" sends to: one for each version of Spree's API v3, holding what its samples start from."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

from store_credit_mock import Engine, Options
from store_credit_mock.contract import Document
from store_credit_mock.control import Control
from store_credit_mock.server.app import App
from store_credit_mock.systems.spree_v3.profiles import DEFAULT, PROFILES
from store_credit_tools.docs_site.samples import sample_requests
from store_credit_tools.docs_site.sampling.requests import LATER, SampleRequest
from store_credit_tools.docs_site.sampling.sandbox import SEED, SampleSandbox, shared_contract
from store_credit_tools.docs_site.sampling.versions import prepare_orders, requests_in
from store_credit_tools.docs_site.verdicts import verdicts

__all__ = ["PREFIX", "SampleMock", "SampleMocks", "Setting"]

Setting = Mapping[str, Any]
"""What the form of an operation starts from: `credential`, `more_credentials` (by header), `path` (by parameter) and
`body`; and where it is sent: `version` (of Spree's API v3; empty for other systems), and the `prefix` of the path."""

PREFIX: Final = "/_docs/spree-"
"""What the path of a request to the mock of another version begins with; the version's name follows."""


class SampleMock(App):
    """The app of one mock, and what "Try it" shows of it.

    Args:
        engine: The mock.
        settings: What the forms start from, by operationId.
    """

    def __init__(self, engine: Engine, settings: Mapping[str, Setting]) -> None:
        super().__init__(engine)
        self.settings = settings

    def verdicts(self, operation: str) -> bytes:
        """What was wrong with the last exchange of an operation, or of none that the document has."""
        found = [one for one in self.engine.exchanges if one.operation == operation]
        return json.dumps([asdict(one) for one in verdicts(found[-1].violations if found else ())]).encode()


class SampleMocks:
    """The mocks, each of which is started when it is first wanted.

    Args:
        document: The document, whose examples make the requests of the samples.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._requests = sample_requests(document)
        self._started: dict[str, SampleMock] = {}

    @cached_property
    def usual(self) -> SampleMock:
        """The mock as it is without a chosen version. Its forms of operations that it lacks send to another mock."""
        others = {name: request for name, request in self._requests.items() if not name.startswith("spree_v3.")}
        made = self._mock(DEFAULT, {**others, **self._requests_in(DEFAULT)})
        later = self._of_other(LATER).settings
        made.settings = {name: made.settings.get(name) or later[name] for name in self._requests}
        return made

    def of(self, version: str) -> SampleMock | None:
        """The mock of a version of Spree's API v3; None if the mock does not play such a version."""
        if version == DEFAULT:
            return self.usual
        return self._of_other(version) if version in PROFILES else None

    def close(self) -> None:
        """Let go of the engines."""
        for mock in self._started.values():
            mock.engine.close()

    def _of_other(self, version: str) -> SampleMock:
        if version not in self._started:
            self._mock(version, self._requests_in(version))
        return self._started[version]

    def _requests_in(self, version: str) -> Mapping[str, SampleRequest]:
        return requests_in(version, self._document, self._requests)

    def _mock(self, version: str, requests: Mapping[str, SampleRequest]) -> SampleMock:
        with closing(SampleSandbox(requests, version)) as sandbox:
            prepare_orders(version, self._requests_in(version), sandbox)
            state = sandbox.state()
            environment = sandbox.environment
        # A token made from the seed could be guessed. Nothing here uses the token, so the control plane stays shut.
        token = secrets.token_urlsafe(24)
        options = Options(seed=SEED, samples=True, control_token=token, spree_v3_profile=version)
        engine = Engine(shared_contract(), options=options)
        Control.inside(engine.control).restore(state)
        settings = {name: self._setting(version, request, environment) for name, request in requests.items()}
        self._started[version] = SampleMock(engine, settings)
        return self._started[version]

    def _setting(self, version: str, request: SampleRequest, environment: Mapping[str, str]) -> Setting:
        template = self._document.operations[request.operation].template
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
        found = re.fullmatch(pattern, request.path)
        credentials = [header for header in request.headers if header.secret]
        return {
            "credential": environment.get(credentials[0].secret, "") if credentials else "",
            "more_credentials": {one.name: one.text + environment.get(one.secret, "") for one in credentials[1:]},
            "path": {} if found is None else {name: unquote(value) for name, value in found.groupdict().items()},
            "body": request.content,
            "version": version if request.operation.startswith("spree_v3.") else "",
            "prefix": "" if version == DEFAULT else PREFIX + version,
        }
