"""Every sample of the control plane runs against a served mock, and gets the response that its page shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from served_mock import Served, served
from store_credit_mock.control import Control
from store_credit_tools.docs_site import control_samples as module
from store_credit_tools.docs_site.control_samples import ControlSample, control_samples, read_plans
from store_credit_tools.docs_site.reference.control_plane import control_document
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.requests import SampleRequest
from store_credit_tools.docs_site.sampling.sandbox import SEED, SampleSandbox
from store_credit_tools.docs_site.sampling.webhooks import MOCK

SAMPLES: Mapping[str, ControlSample] = control_samples(control_document().data)
PLANS = read_plans()
pytestmark = pytest.mark.takes_seconds

STATUS = "\nstatus: "
ATTEMPTED = "spree_v3.webhook_deliveries.list"
"""What a served mock has by then tried to send, where the sandbox of the page only lists it."""


class Stage(NamedTuple):
    """A mock with the state that every sample begins in."""

    mock: Served
    control: Control
    client: httpx.Client
    folder: Path
    base: dict[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        return {**self.mock.started["environment"], "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

    def prepare(self, sample: ControlSample, left_out: frozenset[str] = frozenset()) -> None:
        """Go back to the beginning, and send what comes before a sample, but for what the sample sends itself."""
        self.control.restore(self.base)
        self.control.clear_faults()
        self.control.clear_exchanges()
        for request in sample.before:
            if request.operation not in left_out:
                self.send(request)

    def send(self, request: SampleRequest) -> None:
        headers = {one.name: one.text + (self.environment[one.secret] if one.secret else "") for one in request.headers}
        url = self.mock.url + request.path
        response = self.client.request(
            request.method, url, params=list(request.query) or None, headers=headers, content=request.content
        )
        assert response.is_success, f"{request.operation}: {response.text}"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One mock for all; each sample gets the state in which the responses shown were made."""
    with closing(SampleSandbox({})) as sandbox:
        base = sandbox.state()
    with served("--samples", "--seed", SEED) as mock, httpx.Client(trust_env=False) as client:
        control = Control.connect(mock.url, mock.started["control_token"], client)
        yield Stage(mock, control, client, tmp_path_factory.mktemp("samples"), base)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the curl samples were not run: curl is not installed")
@pytest.mark.parametrize("name", SAMPLES)
def test_a_curl_sample(name: str, stage: Stage) -> None:
    """Pasted into a shell: 2xx, and the response shown, if it is shown whole."""
    sample = SAMPLES[name]
    stage.prepare(sample)
    command = sample.curl.replace(MOCK, stage.mock.url) + f" \\\n  -sS -w '{STATUS}%{{http_code}}'"
    environment = {**os.environ, **stage.environment}
    done = subprocess.run(
        ["sh", "-c", command], cwd=stage.folder, env=environment, capture_output=True, text=True, check=False
    )
    body, _, status = done.stdout.rpartition(STATUS)

    assert done.returncode == 0, done.stderr
    assert int(status) == sample.status < 300, body
    if sample.response and not sample.note and name != ATTEMPTED:
        assert told(body) == told(sample.response)


def told(body: str) -> Any:
    """A response, but for how often the exchanges were cleared before it."""
    value = json.loads(body)
    return {**value, "cleared": 0} if isinstance(value, dict) and "cleared" in value else value


@pytest.mark.parametrize("name", SAMPLES)
def test_a_python_sample(name: str, stage: Stage) -> None:
    """With `control` as the page makes it; the other calls that come first were made."""
    sample = SAMPLES[name]
    own = {one.operation for one in sample.before if f"= control.{method_of(one.operation)}(" in sample.python}
    stage.prepare(sample, frozenset(own))
    names: dict[str, Any] = {"control": stage.control}
    if (sandbox := PLANS[name].get("sandbox")) is not None:
        names["control"] = Control.connect(stage.mock.url, stage.mock.started["control_token"], sandbox=sandbox)

    exec(compile(sample.python, name, "exec"), names)


def method_of(name: str) -> str:
    """The method of the typed client for a route, with its system: `vinr.buy`; empty for another operation."""
    for path, item in control_document().data["paths"].items():
        for route in item.values():
            if route["operationId"] == name:
                system = path.split("/")[2]
                return f"{system}.{route['x-method']}" if system in {"vinr", "spree", "spree_v3"} else route["x-method"]
    return ""


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({}, "clock.freeze has no entry: say what its sample sends"),
        ({"clock.freeze": {}, "clock.melt": {}}, "clock.melt is no route: remove the entry"),
        ({"clock.freeze": {"bodi": {}}}, "clock.freeze: bodi is not one of after, body, "),
        ({"clock.freeze": {"body": {"at": "yesterday"}}}, "clock.freeze: the mock refuses it: 400 "),
    ],
)
def test_an_entry_that_makes_no_sample_is_an_error(
    plan: dict[str, Any], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the file and the route."""
    changed = tmp_path / "control.yaml"
    changed.write_text(json.dumps({"clock.retrieve": {}, **plan}), "utf-8")
    monkeypatch.setattr(module, "PLANS", changed)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    paths = control_document().data["paths"]

    with pytest.raises(SampleError, match=f"control.yaml: {said}"):
        control_samples({"paths": {path: paths[path] for path in ("/_mock/clock", "/_mock/clock/freeze")}})
