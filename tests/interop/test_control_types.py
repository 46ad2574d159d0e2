"""TypeScript's types of the control plane are made from its document, compile strictly, and say what is sent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from served_mock import served
from store_credit_tools.node import JAVASCRIPT, NodeUnavailableError, command

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")
pytestmark = pytest.mark.slow

# A machine with other work to do starts Node slowly.
PATIENCE_SECONDS = 150


def run(line: list[str], folder: Path, **environment: str) -> str:
    """Run a command to its end, and return what it printed."""
    known = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        line,
        cwd=folder,
        env={**known, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(400)
def test_a_typescript_program_uses_the_control_plane(tmp_path: Path) -> None:
    """openapi-typescript makes the types, tsc accepts a program that uses them, a served mock gives what they say."""
    try:
        generator, compiler = (command(JAVASCRIPT, name) for name in ("openapi-typescript", "tsc"))
    except NodeUnavailableError as reason:
        pytest.skip(f"TypeScript cannot run: {reason}")
    (tmp_path / "node_modules").symlink_to(JAVASCRIPT / "node_modules")
    shutil.copy(JAVASCRIPT / "control.ts", tmp_path)
    with served("--seed", "1") as mock:
        document = httpx.get(f"{mock.url}/_mock/openapi.json", trust_env=False).text
        (tmp_path / "control.json").write_text(document, "utf-8")
        # Members of a request that have a default may be left out.
        run([*generator, "control.json", "--output=control-types.ts", "--default-non-nullable=false"], tmp_path)
        strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--skipLibCheck", "false"]
        target = ["--module", "nodenext", "--moduleResolution", "nodenext", "--target", "es2022", "--lib", "es2022,dom"]
        run([*compiler, *strict, *target, "control.ts"], tmp_path)
        types = (tmp_path / "control-types.ts").read_text("utf-8")
        token = mock.started["control_token"]
        told = json.loads(run([compiler[0], "control.js"], tmp_path, ADDRESS=mock.url, TOKEN=token))

        (endpoint,) = mock.control.vinr.endpoints()
        (event,) = mock.control.vinr.events()[-1:]
    untyped = [line for line in types.splitlines() if "Record<string, never>" in line]
    assert untyped == ["export type webhooks = Record<string, never>;", "export type $defs = Record<string, never>;"]
    assert told == {
        "status": 201,
        "endpoint": endpoint.id,
        "secret": told["secret"],
        "parts": [400],
        "states": ["pending"],
        "held": False,
        "events": [event.id],
        "seen": [["vinr.store_credit.create", 201, 0]],
        "customers": ["cust_8aZ2"],
        "refused": "there is no purchase pur_none",
        "cart": [told["cart"][0], "0.0", 0],
    }
    assert told["secret"] > 20
