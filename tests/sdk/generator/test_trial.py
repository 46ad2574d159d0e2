"""What is generated is tried before it replaces anything: imported, and every request built from the examples."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from bootstrap import ROOT
from store_credit_tools.generate.errors import GenerationError
from store_credit_tools.generate.sdk import generate_sdk
from store_credit_tools.generate.trial import try_package

DOCUMENT = """openapi: 3.1.0
info: { title: Things, version: "1" }
servers: [{ url: "https://things.test" }]
security: [{ basic: [], key: [] }]
components: { securitySchemes: { basic: { type: http, scheme: basic }, key: { type: apiKey, in: query, name: k } } }
paths:
  /things/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string }, example: t_1 }
      - { name: on, in: query, required: true, schema: { type: string, format: date } }
    post:
      tags: [acme.things]
      operationId: acme.things.change
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [amount]
              properties: { amount: { type: integer }, data: { type: object } }
            examples:
              first: { value: { amount: 5, data: { a: 1.5 } } }
              second: { value: { amount: SECOND } }
      responses: { "204": { description: Done. } }
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


def write(folder: Path, second: str) -> Path:
    path = folder / "things.yaml"
    path.write_text(DOCUMENT.replace("SECOND", second), "utf-8")
    return path


def test_examples_that_can_be_sent_are_no_hindrance(tmp_path: Path, run: Run) -> None:
    """And what was made imports as a package of the folder's name."""
    done = run(ROOT / "scripts" / "generate", "--document", write(tmp_path, "6"), "--output", tmp_path / "things")
    assert (done.returncode, done.stderr) == (0, "")

    used = run("-c", "import things; print(things.AcmeClient.__doc__)", PYTHONPATH=f"{tmp_path}:{ROOT / 'sdk/src'}")
    assert used.stdout.startswith("Synchronous client for Things.")


def test_an_example_that_cannot_be_sent_stops_it(tmp_path: Path, run: Run) -> None:
    """With one sentence that names file, line, operation and argument; what was there before stays as it was."""
    package = tmp_path / "things"
    package.mkdir()
    (package / "__init__.py").write_text("KEPT = 1\n", "utf-8")
    done = run(ROOT / "scripts" / "generate", "--document", write(tmp_path, "six"), "--output", package)

    assert done.returncode == 2
    assert done.stderr == (
        "scripts/generate: things.yaml:11: post /things/{id} (acme.things.change): its request cannot be built from its"
        " examples: InvalidArgumentError: amount is a str; pass an int\n"
    )
    assert [one.name for one in package.iterdir()] == ["__init__.py"]


def test_what_cannot_be_imported_stops_it(tmp_path: Path) -> None:
    """Whatever the reason is: the last line of the traceback says it."""
    path = write(tmp_path, "6")
    plan = generate_sdk(path, tmp_path / "things")
    (tmp_path / "things" / "api" / "acme_things.py").write_text("import nowhere_at_all\n", "utf-8")

    with pytest.raises(GenerationError, match=r"things.yaml: .* cannot be imported: .*nowhere_at_all") as refused:
        try_package(path, plan, tmp_path / "things", tmp_path)
    assert "\n" not in str(refused.value)


def test_the_examples_of_the_repository_are_built(tmp_path: Path) -> None:
    """Each named example of a body is one request."""
    path = tmp_path / "openapi.yaml"
    path.write_text((ROOT / "openapi.yaml").read_text("utf-8"), "utf-8")
    plan = generate_sdk(path, tmp_path / "store_credit")
    made = {
        method.operation_id: method.examples
        for system in plan.systems
        for resource in system.resources
        for method in resource.methods
    }

    assert all(made.values())
    assert json.dumps(made["vinr.store_credit.create"], default=str).count('"amount"') >= 1
