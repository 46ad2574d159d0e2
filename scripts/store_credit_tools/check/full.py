"""What the mock and the recordings say of the document: enumerations, error codes, and properties that nobody shows."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, cast

import jsonschema_rs

from bootstrap import ROOT
from store_credit_mock import EngineError
from store_credit_mock.contract import Contract, Document, DocumentError
from store_credit_mock.contract.document import join
from store_credit_mock.factory import default_systems
from store_credit_tools.check.examples import innermost
from store_credit_tools.check.findings import UnusableError, meant
from store_credit_tools.check.shown import Body, Points, Shown, examples, mocked, recorded
from store_credit_tools.check.source import Source, items, mapping
from store_credit_tools.check.walk import steps

__all__ = ["check_full"]

_SYSTEMS: Final = ROOT / "mock" / "src" / "store_credit_mock" / "systems"
_OPEN: Final = "x-extensible-enum"
_BASE: Final = "urn:document:open"
_SCHEMAS: Final = "#/components/schemas/"

_NOWHERE: Final[Mapping[str, str]] = {
    "VinrErrorDetail/properties/decline_code": "VINR has it for declined charges, which no operation here makes",
    "VinrErrorDetail/properties/resource": "VINR documents it without saying when it is there",
    "SpreeStoreCreditRelationships/properties/metafields": "only of shops that have metafields, as the mock has none",
    "SpreeOrderRelationships/properties/metafields": "only of shops that have metafields, as the mock has none",
    "SpreePaymentRelationships/properties/metafields": "only of shops that have metafields, as the mock has none",
    "SpreeV3ErrorDetails/properties/required_permission": "read of Spree 6.0; the mock's staff have a role or none",
}
"""Properties of responses that the mock does not send, and why that is right."""
_FIELDS: Final = ("payment", "store_credit", "store_credit_category", "store_credit_event", "store_credit_type", "user")
_UNSHOWN: Final[Mapping[str, str]] = {
    **_NOWHERE,
    "SpreeResource/properties/id": "stands for types yet to come",
    "SpreeResource/properties/type": "stands for types yet to come",
    "SpreeResource/properties/attributes": "stands for types yet to come",
    "SpreeResource/properties/relationships": "stands for types yet to come",
    "SpreeRelationship/properties/data": "stands for relationships yet to come",
    "SpreeAccountDocument/properties/included": "addresses, which are out of scope",
    **{f"SpreeStorefrontFields/properties/{name}": "`cart` shows how" for name in _FIELDS},
    "SpreeRevokeBody/properties/token_type_hint": "taken and not looked at",
    "SpreeStoreCreditCreate/properties/private_metadata/properties/reference": "one of any names",
}
"""Properties that no example and no recording shows, and why that is right."""
_UNSEEN: Final[Mapping[str, str]] = {
    "resumed": "read from Spree's code; the mock resumes no order",
    "awaiting_return": "read from Spree's code; the mock takes nothing back",
    "returned": "read from Spree's code; the mock takes nothing back",
    "backorder": "read from Spree's code; the mock ships nothing",
    "partial": "read from Spree's code; the mock ships nothing",
    "shipped": "read from Spree's code; the mock ships nothing",
    "claim": "read from Spree's code; the mock takes nothing back",
    "exchange": "read from Spree's code; the mock takes nothing back",
    "return": "read from Spree's code; the mock takes nothing back",
    "confirm": "a step of Spree's checkout that a shop may switch on; neither the recorded shop nor the mock has it",
}
"""Values of open enumerations that no recording and no table of the mock has, and why they are there."""
_PREPARING: Final = "of an operation that the mock has and the OpenAPI document has not"
_FAULTS: Final[Mapping[str, str]] = {
    "card_declined": "VINR's code for charges, which only a scheduled fault sends",
    "invalid_provider": _PREPARING,
    "line_item_not_found": _PREPARING,
    "variant_not_found": _PREPARING,
}
"""Error codes of the mock that the document does not have, and why."""


def check_full(path: Path, source: Source) -> None:
    """Note what the mock and the recordings refute in the document of this repository.

    Args:
        path: Its file.
        source: The same, read by the check; it takes the findings. Where it has some for which the document cannot be
            compiled, nothing more is found.

    Raises:
        UnusableError: The document cannot be compiled, and nothing is known to be wrong with it.
    """
    try:
        contract = Contract(Document.read(path))
    except DocumentError as error:
        if source.findings:
            return
        raise UnusableError(str(error)) from error
    try:
        real, own = list(recorded(contract)), list(mocked(contract))
    except EngineError:
        return  # An operation without a handler, which is told already.
    shown = Shown(contract)
    in_examples, in_recordings, in_mock = shown.of(examples(contract)), shown.of(real), shown.of(own)
    _properties(source, shown, in_examples | in_recordings, in_mock)
    _enumerations(source, shown.responses | shown.requests, in_recordings | in_mock)
    _unlisted(source, contract, "a real server sent", "tests/recordings", real)
    _unlisted(source, contract, "the mock sent", "the mock", own)
    _codes(source)


def _properties(source: Source, shown: Shown, told: Points, sent: Points) -> None:
    names = {place.rpartition("/")[2] for place, value in told if not value}
    for side, points in (("response", shown.responses), ("request", shown.requests)):
        for place, value in sorted(points):
            head, _, name = place.rpartition("/")
            if value or not head.endswith("/properties"):
                continue
            short = place.removeprefix(_SCHEMAS)
            where = steps(place)
            if "x-alternative" in mapping(source.at(where)):
                continue
            if (place, "") not in told and short not in _UNSHOWN and not (side == "request" and name in names):
                source.add(where, f"no example and no recording shows `{name}`", "add it to an example")
            if side == "response" and (place, "") not in sent and short not in _NOWHERE:
                remedy = (
                    "make its serializer send it, or explain in scripts/store_credit_tools/check/full.py why it "
                    "does not"
                )
                source.add(where, f"the mock never sends `{name}`", remedy)


def _enumerations(source: Source, points: Points, seen: Points) -> None:
    """Note listed values that no recording and no table of the mock has."""
    tables = {
        folder.name: "".join(one.read_text("utf-8") for one in folder.rglob("*.py")) for folder in _SYSTEMS.iterdir()
    }
    for place, value in sorted(points):
        if not place.endswith(_OPEN) or (place, value) in seen or value.strip('"') in _UNSEEN:
            continue
        named = place.removeprefix(_SCHEMAS).lower()
        system = max((name for name in tables if named.startswith(name.replace("_", ""))), key=len, default="")
        text = tables.get(system) or "".join(tables.values())
        if value not in text:
            where = steps(place)
            number = next((n for n, one in enumerate(items(source.at(where))) if str(one) == value.strip('"')), 0)
            said = f"{value} is in no recording and in no table of the mock"
            source.add(
                (*where, str(number)),
                said,
                "correct its spelling, or explain in scripts/store_credit_tools/check/full.py why it is listed",
            )


def _unlisted(source: Source, contract: Contract, said: str, evidence: str, bodies: Iterable[Body]) -> None:
    """Note values that were sent and that an open enumeration does not list."""
    data = copy.deepcopy(dict(contract.document.data))
    _close(data)
    registry = jsonschema_rs.Registry([(_BASE, data)])
    validators: dict[str, jsonschema_rs.Validator] = {}
    told: set[tuple[str, str]] = set()
    for body in bodies:
        pointer = _schema_of(contract, body)
        if pointer is None:
            continue
        if pointer not in validators:
            target = {"$ref": _BASE + pointer}
            validators[pointer] = jsonschema_rs.Draft202012Validator(target, registry=registry)
        for error in innermost(validators[pointer].iter_errors(body.value)):
            place = (error.absolute_keyword_location or "").partition("#")[2].removesuffix("/enum")
            listed = mapping(source.at(steps(place))).get(_OPEN)
            if error.kind.name != "enum" or not isinstance(listed, list) or (place, str(error.instance)) in told:
                continue
            told.add((place, str(error.instance)))
            what = f"{said} {error.instance!r}, which is not listed ({body.name})"
            remedy = meant(str(error.instance), items(listed), "add it")
            source.add(
                (*steps(place), _OPEN),
                what,
                f"{remedy.rstrip('?')}; {evidence} is right" if remedy == "add it" else remedy,
            )


def _close(value: Any) -> None:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        if isinstance(members.get(_OPEN), list) and "enum" not in members:
            nothing = [None] if "null" in items(members.get("type")) else []
            members["enum"] = [*members[_OPEN], *nothing]
        for one in members.values():
            _close(one)
    for one in items(value):
        _close(one)


def _schema_of(contract: Contract, body: Body) -> str | None:
    operation = contract.document.operations[body.operation]
    step = ("requestBody",) if body.status is None else ("responses", str(body.status))
    try:
        place, definition = contract.document.resolve(join(operation.pointer, *step))
    except DocumentError:
        return None
    known = mapping(mapping(definition).get("content"))
    return join(place, "content", body.media_type, "schema") if body.media_type in known else None


def _codes(source: Source) -> None:
    """Note error codes that only the document or only the mock has."""
    for system in default_systems():
        if not system.error_codes:
            continue
        prefix = "".join(part.capitalize() for part in system.name.split("_"))
        where = ("components", "schemas", f"{prefix}ErrorDetail", "properties", "code", "x-error-codes")
        codes, sent = mapping(source.at(where)), set(system.error_codes)
        for code in codes.keys() - sent:
            source.add(
                (*where, code),
                f"the mock cannot return the code {code}",
                meant(code, sent, f"add it to those of systems/{system.name}/errors.py"),
            )
        for code in sorted(sent - codes.keys() - _FAULTS.keys()):
            source.add(
                where,
                f"the mock returns the code {code}, which the document does not have",
                meant(code, codes, f"describe it here, or remove it from systems/{system.name}/errors.py"),
            )
