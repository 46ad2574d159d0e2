"""The trial of a generated package: it is imported, and the request of every operation is built from its examples."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bootstrap import ROOT
from store_credit_tools.generate.build import located
from store_credit_tools.generate.clients import System
from store_credit_tools.generate.errors import GenerationError
from store_credit_tools.generate.methods import Method
from store_credit_tools.generate.sdk import GENERATED, Plan

__all__ = ["try_package"]

_SDK: Final = ROOT / "sdk" / "src"
_SECONDS: Final = 120

_KNOWN: Final[dict[str, dict[str, str]]] = {
    "spree": {"token": "example"},
    "spree_v3.admin": {"secret_key": "sk_example"},
    "spree_v3.store": {"publishable_key": "pk_example", "customer_token": "example"},
    "vinr": {"api_key": "sk_test_example"},
}
"""What the clients of the known systems are made with."""

_PROGRAM: Final = '''
import asyncio, importlib, json, operator, sys, warnings
from decimal import Decimal
import httpx

class Built(BaseException):
    """The request has been made; none is sent."""

def refuse(request):
    raise Built

def plain(value):
    if isinstance(value, dict):
        return value["$bytes"].encode() if value.keys() == {"$bytes"} else {k: plain(v) for k, v in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value

async def awaited(call, given):
    await call(**given)

given = json.load(sys.stdin, parse_float=Decimal)
warnings.simplefilter("ignore")
transport = httpx.MockTransport(refuse)
package = importlib.import_module(given["package"])
for name in given["modules"]:
    importlib.import_module(f"{given['package']}.{name}")
for name in package.models.__all__:
    getattr(package.models, name)
for client in given["clients"]:
    for prefix, library in (("", httpx.Client), ("Async", httpx.AsyncClient)):
        kind, http_client = getattr(package, prefix + client["name"]), library(transport=transport)
        made = kind(**plain(client["arguments"]), http_client=http_client)
        for place, resource, method, arguments in client["calls"]:
            try:
                call, values = operator.attrgetter(f"{resource}.{method}")(made), plain(arguments)
                call(**values) if not prefix else asyncio.run(awaited(call, values))
            except Built:
                continue
            except Exception as error:
                json.dump([place, f"{type(error).__name__}: {error}"], sys.stdout)
                raise SystemExit(0)
            json.dump([place, "no request was made"], sys.stdout)
            raise SystemExit(0)
'''


def try_package(document: Path, plan: Plan, made: Path, by_hand: Path) -> None:
    """Import a package and build every request of it, in a process of its own.

    Args:
        document: The file it was made of, for what is said.
        plan: What the package was made by.
        made: Its folder.
        by_hand: The folder of the same package that holds what is written by hand, where it has such.

    Raises:
        GenerationError: Something of it cannot be imported, or a request cannot be built from the document's examples.
    """
    try:
        _try(plan, made, by_hand)
    except GenerationError as error:
        raise located(document, error) from error


def _try(plan: Plan, made: Path, by_hand: Path) -> None:
    home = by_hand if (by_hand / "_core").is_dir() else _SDK / "store_credit"
    links = [one for one in home.iterdir() if one.name not in (*GENERATED, "__pycache__")] if _is_sdk(plan) else []
    for one in links:
        (made / one.name).symlink_to(one.resolve())
    paths = [str(made.parent)] if _is_sdk(plan) else [str(made.parent), str(_SDK)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            input=json.dumps(_given(plan), default=str),
            env=environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    finally:
        for one in links:
            (made / one.name).unlink()
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        raise GenerationError(f"the package that was made cannot be imported: {last}")
    if done.stdout:
        (path, verb, name), said = json.loads(done.stdout)
        raise GenerationError(
            f"{verb} {path} ({name}): its request cannot be built from its examples: {said}", "paths", path, verb
        )


def _is_sdk(plan: Plan) -> bool:
    return plan.package == "store_credit"


def _given(plan: Plan) -> dict[str, Any]:
    modules = ["client", "models", *(f"api.{one.module}" for system in plan.systems for one in system.resources)]
    clients = [
        {"name": f"{system.class_name}Client", "arguments": _client(system), "calls": [*_calls(system)]}
        for system in plan.systems
    ]
    return {"package": plan.package, "modules": modules, "clients": clients}


def _client(system: System) -> dict[str, Any]:
    if system.known:
        return {"base_url": "http://127.0.0.1"} | _KNOWN[system.name]
    credentials = {name: ["x", "x"] if "basic" in kind else "x" for name, kind in (system.schemes or {}).items()}
    return {"base_url": "http://127.0.0.1", "credentials": credentials}


def _calls(system: System) -> Iterator[tuple[tuple[str, str, str], str, str, dict[str, Any]]]:
    for resource in system.resources:
        for method in resource.methods:
            place = (method.path, method.verb.lower(), method.operation_id)
            for arguments in method.examples:
                yield place, resource.chain, method.name, arguments | _credentials(method)


def _credentials(method: Method) -> dict[str, Any]:
    """Those that are passed with the call."""
    return {one.argument: "example" for one in method.call_credentials}
