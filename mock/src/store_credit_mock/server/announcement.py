"""What `store-credit-mock serve` says once it listens: where, with which tokens, and by which variables."""

from __future__ import annotations

import sys
from typing import Any

from store_credit_mock.control.sessions import PAGE
from store_credit_mock.factory import Engine
from store_credit_mock.server.listening import Listening
from store_credit_mock.server.log import Log

__all__ = ["announce"]


def announce(engine: Engine, arguments: dict[str, Any], listening: Listening, host: str, port: int, log: Log) -> None:
    """Say that it listens, and whatever a caller has to know."""
    address, document, sandbox = listening.url(host, port), engine.contract.document.version, engine.sandbox
    # "Every address" is none that a browser can open, and a unix socket is none either.
    reachable = listening.url({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104
    inspector = None if listening.uds else f"{reachable}{PAGE}?ticket={engine.control.sessions.ticket()}"
    shown = address if listening.uds is None else f"unix:{listening.uds.absolute()}"
    trust = "" if listening.certificate is None else f", certificate to trust: {listening.certificate}"
    notes = [note for system in engine.systems.values() for note in system.startup_notes(sandbox)]
    if arguments["control_token"] is None:
        notes.insert(0, f"control token: {engine.control.token}")
    if inspector is not None:
        notes.append(f"inspector, opens once: {inspector}")
    environment = _environment(engine, address if listening.uds is None else "http://localhost")
    if arguments["samples"]:
        notes.append("to use this mock with the samples on the reference pages:")
        notes += [f"  export {name}={value}" for name, value in environment.items()]
    for line in (*notes, f"{shown} document {document} ready{trust}"):
        log.say(line)
    if arguments["json"]:
        import orjson

        started = {
            "version": 1,
            "address": address,
            "document": document,
            "control_token": engine.control.token,
            "mode": "strict" if engine.options.strict else "observe",
            "inspector": inspector,
            "uds": None if listening.uds is None else str(listening.uds.absolute()),
            "certificate": None if listening.certificate is None else str(listening.certificate),
            "environment": environment,
        }
        for system in engine.systems.values():
            started.update(system.startup(sandbox))
        sys.stdout.buffer.write(orjson.dumps(started) + b"\n")
        sys.stdout.flush()


def _environment(engine: Engine, address: str) -> dict[str, str]:
    """The variables by which clients find this mock, and are let in."""
    found = {"STORE_CREDIT_MOCK_CONTROL_TOKEN": engine.control.token}
    for system in engine.systems.values():
        found.update(system.environment(address, engine.sandbox))
    return found
