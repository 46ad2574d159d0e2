"""The samples of the control plane's routes: requests from `docs/samples/control.yaml`, answered by a mock.

Each route gets a sandbox as `serve --samples` has it, and first what its entry names under `after`; so the response is
what the mock sends, with the ids and times of a seeded sandbox.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, cast
from urllib.parse import quote

from store_credit_mock.contract import Document
from store_credit_mock.contract.document import compile_yaml
from store_credit_tools.docs_site.samples import sample_requests
from store_credit_tools.docs_site.sampling.control_python import python_sample
from store_credit_tools.docs_site.sampling.curl import curl_command
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.python import PROGRAMS, ROOT
from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest
from store_credit_tools.docs_site.sampling.sandbox import SampleSandbox
from store_credit_tools.docs_site.sampling.webhooks import MOCK

__all__ = ["PLANS", "ControlSample", "control_samples", "read_plans"]

PLANS: Final = PROGRAMS / "control.yaml"
"""What each route is sent."""

_LONGEST: Final = 1200
"""Characters of a response from which on its lists are cut to their first entry."""
_MEMBERS: Final = 40
"""Members of an object from which on it is one entry for each of something, such as an operation."""
_PAIR: Final = 2
_ENTRIES: Final = {"path", "query", "body", "after", "sandbox", "save", "load", "no_response"}

Route = tuple[str, str, Mapping[str, Any]]
"""Method, path and definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSample:
    """How a route is called, and what the mock responds."""

    curl: str
    python: str
    """An expression on `control`, a `Control`; below what it takes values from."""
    status: int
    response: str
    """The body as JSON, indented by two blanks; empty where there is none, or it is not shown."""
    note: str
    """What to know of the response, a sentence; may be empty."""
    before: tuple[SampleRequest, ...]
    """What is sent first."""


def control_samples(document: Mapping[str, Any]) -> Mapping[str, ControlSample]:
    """Make the sample of every route, by operationId.

    Args:
        document: The control plane's OpenAPI document.

    Raises:
        SampleError: A route has no entry or an entry no route; a reference leads nowhere; or the mock refuses a sample.
    """
    return _made(json.dumps(document))


@cache
def _made(document: str) -> Mapping[str, ControlSample]:
    routes: dict[str, Route] = {
        route["operationId"]: (method.upper(), path, route)
        for path, item in json.loads(document)["paths"].items()
        for method, route in item.items()
    }
    plans = read_plans()
    place = PLANS.relative_to(ROOT)
    for name in routes.keys() ^ plans.keys():
        what = "has no entry: say what its sample sends" if name in routes else "is no route: remove the entry"
        raise SampleError(f"{place}: {name} {what}")
    api = Document.read()
    operations = sample_requests(api)
    with closing(SampleSandbox(operations)) as sandbox:
        maker = _Maker(routes, plans, api, operations, sandbox)
        return {name: maker.sample(name) for name in routes}


def read_plans() -> Mapping[str, Mapping[str, Any]]:
    """What `docs/samples/control.yaml` has for each route.

    Raises:
        SampleError: An entry has a member that means nothing.
    """
    plans: Mapping[str, Mapping[str, Any]] = compile_yaml(PLANS.read_bytes(), str(PLANS))["data"]
    for name, plan in plans.items():
        for member in plan.keys() - _ENTRIES:
            raise SampleError(
                f"{PLANS.relative_to(ROOT)}: {name}: {member} is not one of {', '.join(sorted(_ENTRIES))}"
            )
    return plans


class _Maker:
    def __init__(
        self,
        routes: Mapping[str, Route],
        plans: Mapping[str, Mapping[str, Any]],
        document: Document,
        operations: Mapping[str, SampleRequest],
        sandbox: SampleSandbox,
    ) -> None:
        self._routes, self._plans, self._document = routes, plans, document
        self._operations, self._sandbox = operations, sandbox

    def sample(self, name: str) -> ControlSample:
        self._sandbox.reset()
        plan = self._plans[name]
        before: Sequence[str] = plan.get("after", ())
        responses: dict[str, Any] = {}
        sent: list[SampleRequest] = []
        for earlier in before:
            sent.append(self._operations.get(earlier) or self._request(earlier, responses))
            _, responses[earlier] = self._send(earlier, responses)
        status, body = self._send(name, responses)
        response, note = _shown(body)
        return ControlSample(
            curl=self._curl(name, before, self._request(name, responses)),
            python=python_sample(name, self._routes, self._plans),
            status=status,
            response="" if "no_response" in plan else response,
            note=plan.get("no_response", note),
            before=tuple(sent),
        )

    def _send(self, name: str, responses: Mapping[str, Any]) -> tuple[int, Any]:
        request = self._operations.get(name) or self._request(name, responses)
        if "load" in self._plans.get(name, {}):
            request = replace(request, body=responses[self._plans[name]["after"][-1]])
        response = self._sandbox.send(request)
        if response.status >= 300:
            raise SampleError(
                f"{PLANS.relative_to(ROOT)}: {name}: the mock refuses it: {response.status} {response.body.decode()}"
            )
        return response.status, json.loads(response.body) if response.body else None

    def _request(self, name: str, responses: Mapping[str, Any]) -> SampleRequest:
        method, path, route = self._routes[name]
        plan = self._plans[name]
        for parameter, value in plan.get("path", {}).items():
            path = path.replace(f"{{{parameter}}}", quote(str(_found(name, value, responses)), safe=""))
        body = {member: _found(name, value, responses) for member, value in plan.get("body", {}).items()} or None
        headers = [Header("Authorization", "Bearer ", "STORE_CREDIT_MOCK_CONTROL_TOKEN")] if route["security"] else []
        if "sandbox" in plan:
            headers.append(Header("X-Mock-Sandbox", plan["sandbox"]))
        if body or "load" in plan:
            headers.append(Header("Content-Type", "application/json"))
        return SampleRequest(
            operation=name,
            title=route["summary"],
            method=method,
            server=MOCK,
            path=path,
            query=tuple((member, str(value)) for member, value in plan.get("query", {}).items()),
            headers=tuple(headers),
            body=body,
            answers=True,
        )

    def _curl(self, name: str, before: Sequence[str], request: SampleRequest) -> str:
        plan = self._plans[name]
        if before:
            names = "; ".join(self._title(one) for one in before)
            values = [*plan.get("path", {}).values(), *plan.get("body", {}).values()]
            taken = " The ids below come from the responses." if any(map(_reference, values)) else ""
            request = replace(request, notes=(f"First: {names}.{taken}",))
        command = curl_command(request)
        if "load" in plan:
            # `curl` makes a POST of it by itself.
            command = command.replace("curl -X POST ", "curl ") + f" \\\n  --data-binary @{plan['load']}"
        return f"{command} \\\n  -o {plan['save']}" if "save" in plan else command

    def _title(self, name: str) -> str:
        if name in self._routes:
            return str(self._routes[name][2]["summary"])
        return f"{self._document.operations[name].definition['summary']} ({name})"


def _reference(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _found(name: str, value: Any, responses: Mapping[str, Any]) -> Any:
    """A value of an entry, or what its reference leads to."""
    if not _reference(value):
        return value
    earlier, *steps = str(value).removeprefix("=").split("/")
    try:
        found: Any = responses[earlier]
        for step in steps:
            found = cast("list[Any]", found)[int(step)] if isinstance(found, list) else found[step]
        return found
    except (LookupError, ValueError, TypeError):
        raise SampleError(f"{PLANS.relative_to(ROOT)}: {name}: {value} leads nowhere") from None


def _shown(body: Any) -> tuple[str, str]:
    """A body as the page has it, and what was left out of it."""
    if body is None:
        return "", ""
    text = _text(body)
    if len(text) <= _LONGEST:
        return text, ""
    cut = _text(_cut(body))
    return cut, "" if cut == text else "Long lists are cut to their first entry, long texts to their beginning."


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        members = list(cast("dict[str, Any]", value).items())
        return {name: _cut(member) for name, member in (members[:1] if len(members) > _MEMBERS else members)}
    if isinstance(value, list):
        entries = cast("list[Any]", value)
        # A header is a pair.
        return [_cut(entry) for entry in (entries[:1] if len(entries) > _PAIR else entries)]
    return f"{value[:100]}..." if isinstance(value, str) and len(value) > 120 else value


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
