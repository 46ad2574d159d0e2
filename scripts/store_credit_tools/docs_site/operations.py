"""Operations and events, read from `paths` and `webhooks`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from store_credit_mock.contract import OperationDefinition
from store_credit_mock.contract.document import join
from store_credit_mock.contract.verified import verified
from store_credit_tools.docs_site.document import Schema, Source
from store_credit_tools.docs_site.event_headers import headers_of
from store_credit_tools.docs_site.fields import AttributeReader, grouped
from store_credit_tools.docs_site.response_examples import ResponseExamples
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.schema_text import target_name
from store_credit_tools.docs_site.version_ranges import known_versions, range_of, runs
from store_credit_tools.docs_site.view_model import (
    Attribute,
    AttributeGroup,
    BodyEntry,
    EventEntry,
    OperationEntry,
    Place,
    ResponseEntry,
    TryIt,
    Verification,
)

__all__ = ["OperationReader", "body_schemas", "indented", "sources_of"]

_WAYS = ("recorded", "documented", "read from code", "decided")
_PLACES = ("path", "query", "header")


def indented(value: Any) -> str:
    """Write a value as JSON over several lines."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def sources_of(owner: Schema) -> str:
    """`x-source` as one line of Markdown; empty without one."""
    found: dict[str, list[str]] = {}
    for entry in cast("Sequence[str]", owner.get("x-source", [])):
        kind, _, text = entry.partition(": ")
        found.setdefault(kind, []).append(text)
    parts = [f"{kind}: {'; '.join(found[kind])}" for kind in ("documented", "read from code") if kind in found]
    if "recorded" in found:
        count = len(found["recorded"])
        parts.append("recorded from a server" if count == 1 else f"recorded from a server, {count} responses")
    if "decided" in found:
        parts.append("decided: " + ", ".join(f"[{one}](decision:{one})" for one in found["decided"]))
    return ". ".join(part[0].upper() + part[1:] for part in parts)


def _verifications(data: Schema, operation: OperationDefinition) -> Iterator[Verification]:
    found = verified(operation.definition)
    known = known_versions(data, [one.version for one in found])
    for how in _WAYS:
        versions = tuple((one.version, one.date) for one in found if one.how == how)
        if versions:
            ranges = [
                (", ".join(runs([version for version, _ in same], known)), date)
                for date, same in groupby(versions, itemgetter(1))
            ]
            yield Verification(how, versions, tuple(ranges))


def body_schemas(source: Source, operation: OperationDefinition) -> Iterator[tuple[str, str]]:
    """Media type and schema of each form an operation's body may have."""
    if "requestBody" in operation.definition:
        place, body = source.resolve(join(operation.pointer, "requestBody"))
        for media_type in body["content"]:
            yield media_type, join(place, "content", media_type, "schema")


@dataclass
class OperationReader:
    """Reads the operations of one page."""

    source: Source
    attributes: AttributeReader
    samples: Mapping[str, Sequence[SampleSet]]
    examples: ResponseExamples = field(init=False)

    def __post_init__(self) -> None:
        self.examples = ResponseExamples(self.source, self.attributes.anchors)

    def operation(self, operation: OperationDefinition) -> OperationEntry:
        """One operation.

        Raises:
            PagesError: Something the page shows is missing in the document.
        """
        title = self.source.text(operation.pointer, "summary")
        prefix = operation.id.rpartition(".")[2].replace("_", "-")
        anchor = self._place(operation, title)
        # Read in the order of the page, in which anchors are given and schemas come home.
        bodies = tuple(self._bodies(operation, prefix))
        parameters = {
            place: grouped(self._parameters(operation, place, prefix))
            for place in _PLACES
            if any(definition["in"] == place for _, definition in operation.parameters)
        }
        return OperationEntry(
            id=operation.id,
            title=title,
            anchor=anchor,
            method=operation.method,
            path=operation.template,
            description=self.source.text(operation.pointer, "description"),
            authentication=self._authentication(operation),
            parameters=parameters,
            bodies=bodies,
            responses=tuple(self._responses(operation, prefix, anchor, title)),
            aliases=tuple(self._aliases(operation)),
            sources=sources_of(operation.definition),
            verified=tuple(_verifications(self.source.document.data, operation)),
            versions=range_of(self.source.document.data, operation.definition),
            samples=tuple(self.samples.get(operation.id, ())),
            deprecated=operation.definition.get("deprecated") is True,
            no_sdk_method=operation.definition.get("x-no-sdk-method", "").strip(),
            try_it=self._try_it(operation),
        )

    def event(self, event: OperationDefinition) -> EventEntry:
        """One event.

        Raises:
            PagesError: Something the page shows is missing in the document.
        """
        system = event.id.partition(".")[0]
        summary = self.source.text(event.pointer, "summary")
        title = f"{self.source.short_name(system)}: {summary[0].lower()}{summary[1:]}"
        samples = tuple(self.samples.get(event.id, ()))
        prefix = event.template.replace(".", "-").replace("_", "-")
        anchor = self._place(event, title)
        name = event.template.removeprefix(f"{system}.")
        headers = headers_of(
            grouped(self._parameters(event, "header", prefix)), system, name, samples[0].response if samples else ""
        )
        (body,) = self._bodies(event, prefix)
        return EventEntry(
            id=event.id,
            name=event.template,
            sent_name=name,
            title=title,
            anchor=anchor,
            description=self.source.text(event.pointer, "description"),
            headers=headers,
            body=body,
            responses=tuple(self._responses(event, prefix, anchor, title)),
            sources=sources_of(event.definition),
            samples=samples,
        )

    def _place(self, operation: OperationDefinition, title: str) -> str:
        try:
            anchor = self.attributes.anchors.heading(title)
        except ValueError as error:
            raise self.source.fault(operation.pointer, str(error)) from error
        self.attributes.register.place("operation", operation.id, self.attributes.anchors.place(anchor))
        return anchor

    def _parameters(self, operation: OperationDefinition, place: str, prefix: str) -> Iterator[Attribute]:
        for location, definition in operation.parameters:
            if definition["in"] == place:
                yield self.attributes.parameter(location, definition, (prefix,))

    def _aliases(self, operation: OperationDefinition) -> Iterator[str]:
        for alias in self.source.document.data["paths"][operation.template].get("x-aliases", []):
            if alias["for"] == operation.id:
                yield alias.get("description", f"{alias['method'].upper()} does the same.")

    def _authentication(self, operation: OperationDefinition) -> str:
        shown: set[str] = set()
        security = [tuple(alternative) for alternative in self._security(operation)]
        alone = [names[0] for names in security if len(names) == 1]
        if len(security) == 3 and len(alone) == 2 and set(alone) in map(set, security):
            return " or ".join(self._scheme(name, shown) for name in alone) + ", or both"
        alternatives = [" and ".join(self._scheme(name, shown) for name in names) for names in security]
        return ", or ".join(alternatives) or "none; the body says who asks"

    def _scheme(self, name: str, shown: set[str]) -> str:
        """What a credential is called; where it goes stands behind it the first time."""
        scheme = self.source.section("components", "securitySchemes", name)
        carrier = scheme["name"] if scheme["type"] == "apiKey" else "Authorization: Bearer"
        where = "" if name in shown else f" (`{carrier}`)"
        shown.add(name)
        return f"[{self.source.credential(name)}](scheme:{name}){where}"

    def _security(self, operation: OperationDefinition) -> Sequence[Mapping[str, Sequence[str]]]:
        """The credentials of an operation, those of the whole document where it says nothing."""
        return operation.definition.get("security", self.source.document.data.get("security", []))

    def _try_it(self, operation: OperationDefinition) -> TryIt:
        name = next((name for alternative in self._security(operation) for name in alternative), None)
        if name is None:
            return TryIt(title="", header="", prefix="")
        scheme = self.source.section("components", "securitySchemes", name)
        bearer = scheme["type"] == "http"
        return TryIt(
            title=self.source.credential(name),
            header="Authorization" if bearer else scheme["name"],
            prefix="Bearer " if bearer else "",
        )

    def _bodies(self, operation: OperationDefinition, prefix: str) -> Iterator[BodyEntry]:
        if "requestBody" not in operation.definition:
            return
        forms: dict[str, list[str]] = {}
        places: dict[str, str] = {}
        for media_type, location in body_schemas(self.source, operation):
            name = target_name(self.source.document.at(location))
            if name is None:
                raise self.source.fault(location, "give the schema of a body a name of its own in components/schemas")
            forms.setdefault(name, []).append(media_type)
            places[name] = location
        required = bool(self.source.resolve(join(operation.pointer, "requestBody"))[1].get("required"))
        for number, (name, media_types) in enumerate(forms.items()):
            place, _ = self.source.resolve(places[name])
            owner = prefix if number == 0 else f"{prefix}-form"
            anchor = self.attributes.anchors.member(owner, "body")
            # A body that several operations take is at home with the first of them, and shown by each.
            self.attributes.claim(name, anchor)
            yield BodyEntry(
                media_types=tuple(media_types),
                description=self.source.text(place, "description"),
                required=required,
                group=self.attributes.members(place, (owner,), request=operation.pointer.startswith("#/paths/")),
                schema=name,
                anchor=anchor,
                alternative=number > 0,
            )

    def _responses(
        self, operation: OperationDefinition, prefix: str, anchor: str, title: str
    ) -> Iterator[ResponseEntry]:
        self.examples.check(operation)
        held: ResponseEntry | None = None
        for status in operation.definition["responses"]:
            entry = self._response(operation, status, prefix, self.attributes.anchors.place(anchor), title)
            if held and held.refusal and replace(entry, statuses=held.statuses, examples=held.examples) == held:
                # A gateway's 502 says what 500 says.
                held = replace(held, statuses=(*held.statuses, status))
                continue
            if held:
                yield held
            held = entry
        if held:
            yield held

    def _response(
        self, operation: OperationDefinition, status: str, prefix: str, owner: Place, title: str
    ) -> ResponseEntry:
        here = join(operation.pointer, "responses", status)
        place, response = self.source.resolve(here)
        refused = status[0] not in "23"
        content: Mapping[str, Any] = response.get("content", {})
        kinds = [self.attributes.shapes.type(join(place, "content", media_type, "schema")) for media_type in content]
        group, anchor = (None, "") if status[0] != "2" else self._members(place, content, prefix)
        # Beside a reference stands what holds for this operation alone.
        own = "description" in self.source.document.at(here)
        description = self.source.text(here if own else place, "description")
        told = list(self.examples.of(operation, status)) if refused else []
        codes = dict.fromkeys(one.code for one in told if one.code)
        return ResponseEntry(
            statuses=(status,),
            description=description,
            media_types=tuple(content),
            type=" or ".join(dict.fromkeys(kinds)),
            group=group,
            anchor=anchor,
            headers=tuple(
                f"[`{name}`](header:{target})" if (target := target_name(header)) else f"`{name}`"
                for name, header in response.get("headers", {}).items()
            ),
            codes=tuple(
                f"[`{code}`](code:{self.source.code_name(operation.id.partition('.')[0], code)})" for code in codes
            ),
            refusal=place.rpartition("/")[2] if place.startswith("#/components/responses/") else "",
            examples=self.examples.shown(told, prefix, status, owner, title),
            versions=range_of(self.source.document.data, response),
        )

    def _members(self, place: str, content: Mapping[str, Any], prefix: str) -> tuple[AttributeGroup | None, str]:
        for media_type in content:
            location = join(place, "content", media_type, "schema")
            name = target_name(self.source.document.at(location))
            if name is None:
                continue
            anchor = f"{prefix}.answer"
            if self.attributes.claim(name, anchor):
                target, _ = self.source.resolve(location)
                return self.attributes.members(target, (f"{prefix}-answer",)), self.attributes.anchors.member(
                    prefix, "answer"
                )
        return None, ""
