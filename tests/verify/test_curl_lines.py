"""The line of curl beside a finding: it shows the finding again, and a shell reads it as it was meant."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from http_library import httpx
from mutants import SPREE_TOKEN, VINR_KEY, Mutant
from store_credit_mock import Engine, Request, Response
from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.curl import curl_line
from store_credit_mock.verify.findings import Finding, causes
from store_credit_mock.verify.report import cause_lines

from .conftest import Serve, Verify, credentials
from .defects import DEFECTS, edited


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_line_of_curl_shows_it(engine: Engine, serve: Serve, verify: Verify, tmp_path: Path) -> None:
    """Pasted into a shell that has the credentials, it gets the same wrong answer."""
    address, report = serve(Mutant(engine, DEFECTS["wrong_status"][0])), tmp_path / "report.json"
    verify(address, *credentials("vinr"), "--no-generated", f"--json={report}")
    causes = json.loads(report.read_text())["causes"]
    line = "\n".join(next(cause for cause in causes if cause["check"] == "shape")["script"])

    ran = subprocess.run(
        ["bash", "-c", line],
        env={**os.environ, "VINR_SECRET_KEY": VINR_KEY},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.startswith("HTTP/1.1 202 ")


def test_the_line_of_curl_is_that_of_the_finding(engine: Engine, reach: Serve, verify: Verify) -> None:
    """Not of what was sent afterwards to make good again; that is done all the same."""

    def change(engine: Engine, memory: Any) -> Any:
        def handle(request: Request) -> Response:
            response = engine.handle(request)
            if request.method == "DELETE" and response.status == 422:
                response.status = 409
            return response

        return handle

    code, said = verify(reach(Mutant(engine, change)), *credentials("spree"), "--no-generated")

    told = said.partition("server: behaviour: spree.store_credit_categories: one in use stays: ")[2].splitlines()
    assert code == 1
    assert "of DELETE /api/v2/platform/store_credit_categories/" in told[0]
    lines = [line.strip() for line in told[2:10]]
    assert any(
        line.startswith("curl -sS -i -X DELETE ") and 'store_credit_categories/"$id' in line for line in lines
    ), lines
    assert re.search(r"made (\d+), removed \1$", said, re.MULTILINE), said


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_lines_of_a_finding_show_it_again(engine: Engine, serve: Serve, verify: Verify, tmp_path: Path) -> None:
    """The lines of a scenario make its records anew, whether those of the run were deleted or left by --keep."""

    def undocumented(request: Request, response: Response, value: Any) -> None:
        if request.method == "GET" and isinstance(value.get("data"), dict):
            response.status = 203

    address, report = serve(Mutant(engine, edited(undocumented))), tmp_path / "report.json"
    for options in ([], ["--keep"]):
        verify(address, *credentials("spree"), "--no-generated", f"--json={report}", *options)
        told = json.loads(report.read_text())
        lines = next(cause for cause in told["causes"] if cause["check"] == "behaviour")["script"]
        ran = subprocess.run(
            ["bash", "-c", "\n".join(lines)],
            env={**os.environ, "SPREE_TOKEN": SPREE_TOKEN},
            capture_output=True,
            text=True,
            check=True,
        )

        assert "HTTP/1.1 203 " in ran.stdout, ran.stdout
        kept = re.fullmatch(
            r"(\d+) of spree.store_credits \(kept because of --keep\): .*", told["left"][0] if options else ""
        )
        assert (kept is not None) == bool(options), told["left"]
        assert (told["removed"] == told["made"]) == (not options)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    "value",
    ["it's", 'a"b', "$HOME `id`", "a\\b", "ü", "\U0001f600 \ufffe", "[x]", "sk_test_secret'$x", "new\nline", ""],
)
def test_a_line_of_curl_is_read_back_by_a_shell(value: str) -> None:
    """Whatever is in a request, the shell gives curl just that, and only the credentials are its variables."""
    secrets = Credentials({"VINR_SECRET_KEY": "sk_test_secret"})
    body = f"x={value}".encode()
    request = httpx.Request("POST", "http://127.0.0.1/v1", headers={"X-Api-Key": "sk_test_secret"}, content=body)

    told = Finding("shape", "any", 200, "any", "any", script=curl_line(request, secrets))
    line = list(cause_lines(1, causes([told])[0], secrets))[-1]

    script = f"curl() {{ for word; do printf '%s\\0' \"$word\"; done; }}; {line}"
    environment = {"VINR_SECRET_KEY": "sk_test_secret", "PATH": os.environ["PATH"]}
    words = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=True).stdout.split(b"\0")
    assert b"X-Api-Key: sk_test_secret" in words
    assert body in words
    assert "sk_test_secret" not in line
    assert "\n" not in line


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_a_line_of_curl_can_carry_what_no_argument_can() -> None:
    """A zero byte ends an argument, so such a body comes through a pipe."""
    body = b"a\x00'b%s\\n\xff"
    line = curl_line(httpx.Request("POST", "http://127.0.0.1/v1", content=body), Credentials({}))

    script = (
        f'curl() {{ while [ $# -gt 0 ]; do [ "$1" = --data-binary ] && [ "$2" = @- ] && cat; shift; done; }}; {line}'
    )
    sent = subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout

    assert sent == body
    assert "\n" not in line
    assert "-I" in curl_line(httpx.Request("HEAD", "http://127.0.0.1/v1"), Credentials({})).split()
