"""Lists over the whole document: error codes, refusals, headers, ways to authenticate, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from store_credit_mock.contract.document import fragment, join
from store_credit_tools.docs_site.anchors import Anchors, Register, page_of_tag, slug_of
from store_credit_tools.docs_site.document import PagesError, Schema, Source
from store_credit_tools.docs_site.examples import error_of, examples_of, message_of
from store_credit_tools.docs_site.index_models import (
    Decision,
    DecisionList,
    ErrorCode,
    ErrorCodeList,
    HeaderEntry,
    HeaderList,
    Refusal,
    RefusalList,
    SchemeEntry,
    SchemeList,
)
from store_credit_tools.docs_site.operations import sources_of
from store_credit_tools.docs_site.schema_text import Shapes, as_json, target_name, words_of
from store_credit_tools.docs_site.version_ranges import range_of

__all__ = ["CatalogueReader"]

_RESPONSES = "#/components/responses"


class CatalogueReader:
    """Reads lists for one page; everything in them is at home there.

    Args:
        source: The document.
        anchors: Those of the page.
        register: Those of the site.
    """

    def __init__(self, source: Source, anchors: Anchors, register: Register) -> None:
        self.source = source
        self.anchors = anchors
        self.register = register
        self.shapes = Shapes(source)

    def error_codes(self, schema: str) -> ErrorCodeList:
        """The codes named by `x-error-codes` on the member `code` of a schema.

        Raises:
            PagesError: A known code has no cause and remedy, or one that is not known has.
        """
        location = fragment("components", "schemas", schema, "properties", "code")
        member = self.source.document.at(location)
        told = cast("Mapping[str, Mapping[str, Any]]", member.get("x-error-codes", {}))
        differing = set(told) ^ set(member.get("x-extensible-enum", []))
        if differing:
            names = ", ".join(sorted(differing))
            raise self.source.fault(location, f"`x-error-codes` and `x-extensible-enum` must name the same: {names}")
        seen = self._answers_by_code(self.source.system_of(schema))
        for code in told.keys() - seen.keys():
            # What some versions alone have may be read and not recorded.
            if "x-versions" in told[code]:
                continue
            raise self.source.fault(
                join(location, "x-error-codes", code),
                "no example has this code; add one to a response",
            )
        system = self.source.system_of(schema)
        return ErrorCodeList(
            codes=tuple(self._code(system, code, text, seen.get(code, [])) for code, text in told.items()),
        )

    def _code(
        self, system: str, code: str, text: Mapping[str, Any], seen: list[tuple[str, Mapping[str, str]]]
    ) -> ErrorCode:
        anchor = self.source.code_name(system, code)
        self.register.place("code", anchor, self.anchors.place(anchor))
        detail: Mapping[str, str] = seen[0][1] if seen else {}
        return ErrorCode(
            code=code,
            anchor=anchor,
            statuses=tuple(sorted({status for status, _ in seen})),
            type=detail.get("type", ""),
            cause=text["cause"],
            remedy=text["remedy"],
            message=detail.get("message", ""),
            ours=bool(text.get("x-ours")),
            versions=range_of(self.source.document.data, text),
        )

    def _answers_by_code(self, system: str) -> Mapping[str, list[tuple[str, Mapping[str, str]]]]:
        found: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
        for operation in self.source.document.operations.values():
            if operation.id.partition(".")[0] != system:
                continue
            for status in operation.definition["responses"]:
                place, _ = self.source.resolve(join(operation.pointer, "responses", status))
                for detail in filter(None, map(error_of, examples_of(self.source, place))):
                    found.setdefault(detail["code"], []).append((status, detail))
        return found

    def refusals(self, system: str) -> RefusalList:
        """The shared answers of a system that are no success, by status."""
        given: dict[str, dict[str, list[str]]] = {}
        for operation in self.source.document.operations.values():
            if operation.id.partition(".")[0] != system:
                continue
            for status in operation.definition["responses"]:
                place, _ = self.source.resolve(join(operation.pointer, "responses", status))
                owner, _, name = place.rpartition("/")
                if owner == _RESPONSES:
                    given.setdefault(name, {}).setdefault(status, []).append(operation.id)
        ordered = sorted(given, key=lambda name: min(given[name]))
        return RefusalList(refusals=tuple(self._refusal(name, given[name]) for name in ordered))

    def _refusal(self, name: str, given: Mapping[str, list[str]]) -> Refusal:
        location = join(_RESPONSES, name)
        response = self.source.document.at(location)
        anchor = self.anchors.member("answer", name)
        words = words_of(name)
        self.register.place("refusal", name, self.anchors.place(anchor))
        content: Schema = response.get("content", {})
        refused = min(given)[0] in "45"
        kinds = [self.shapes.type(join(location, "content", media_type, "schema")) for media_type in content]
        messages = [message_of(example) for example in examples_of(self.source, location)]
        operations = dict.fromkeys(one for ids in given.values() for one in ids)
        methods: dict[str, list[str]] = {}
        for one in operations:
            tag, _, method = one.rpartition(".")
            methods.setdefault(tag, []).append(method)
        return Refusal(
            name=words[:1].upper() + words[1:],
            anchor=anchor,
            statuses=tuple(sorted(given)),
            description=self.source.text(location, "description"),
            remedy=self.source.text(location, "x-remedy") if refused else "",
            body=" or ".join(dict.fromkeys(kinds)),
            messages=tuple(dict.fromkeys(message for message in messages if message)),
            operations=tuple(self._methods(tag, names) for tag, names in methods.items()),
            headers=tuple(f"`{header}`" for header in response.get("headers", {})),
            sources=sources_of(response),
        )

    def _methods(self, tag: str, names: Iterable[str]) -> str:
        """Operations of one resource as Markdown: `create` and `get` behind a link to its page."""
        known = any(one["name"] == tag for one in self.source.document.data["tags"])
        owner = f"[{self.source.title_of(tag)}](page:{page_of_tag(tag)})" if known else f"`{tag}`"
        return f"{owner}: {', '.join(f'`{name}`' for name in names)}"

    def headers(self, system: str) -> HeaderList:
        """The headers of a system: those whose keys in the document begin with the system's name.

        Components for one name, such as one that is always sent and one that may be missing, are one entry.
        """
        names = self._header_names()
        found: dict[str, HeaderEntry] = {}
        for key in self.source.section("components", "headers"):
            if self.source.system_of(key) != system:
                continue
            name = names[key]
            before = found.get(name)
            anchor = before.anchor if before is not None else self.anchors.member("header", key)
            self.register.place("header", key, self.anchors.place(anchor))
            entry = self._header(key, name, anchor)
            if before is not None:
                if replace(before, required=entry.required) != entry:
                    raise PagesError(f"components/headers/{key} describes {name} differently from another component")
                entry = replace(entry, required=before.required and entry.required)
            found[name] = entry
        return HeaderList(headers=tuple(found.values()))

    def _header(self, key: str, name: str, anchor: str) -> HeaderEntry:
        location = fragment("components", "headers", key)
        header = self.source.document.at(location)
        return HeaderEntry(
            name=name,
            anchor=anchor,
            type=self.shapes.type(join(location, "schema")),
            description=self.source.text(location, "description"),
            required=bool(header.get("required")),
            example=None if "example" not in header else _plain(header["example"]),
            ours=bool(header.get("x-ours")),
        )

    def _header_names(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for operation in self.source.document.operations.values():
            for status in operation.definition["responses"]:
                _, response = self.source.resolve(join(operation.pointer, "responses", status))
                for name, header in response.get("headers", {}).items():
                    key = target_name(header)
                    if key is not None:
                        found[key] = name
        return found

    def schemes(self, system: str) -> SchemeList:
        """The security schemes of a system."""
        found: list[SchemeEntry] = []
        for name, scheme in self.source.section("components", "securitySchemes").items():
            if self.source.system_of(name) != system:
                continue
            anchor = self.anchors.member("scheme", name)
            self.register.place("scheme", name, self.anchors.place(anchor))
            bearer = scheme["type"] == "http"
            carrier = "`Authorization: Bearer <token>`" if bearer else f"`{scheme['name']}: <value>`"
            description = self.source.text(fragment("components", "securitySchemes", name), "description")
            title = self.source.credential(name)
            found.append(SchemeEntry(name=title, anchor=anchor, carrier=carrier, description=description))
        return SchemeList(schemes=tuple(found))

    def decisions(self, letter: str) -> DecisionList:
        """The decisions whose ids begin with a letter."""
        found: list[Decision] = []
        for name, row in self.source.decisions.items():
            if name[0] == letter:
                anchor = slug_of(name)
                self.register.place("decision", name, self.anchors.place(anchor))
                found.append(
                    Decision(
                        id=name,
                        anchor=anchor,
                        question=row["question"],
                        decision=row["decision"],
                        reason=row["reason"],
                        true_answer=_true_answer(row) if "by" in row else "",
                        refuted_by=row.get("by", ""),
                        by_decision=row.get("by", "") in self.source.decisions,
                    )
                )
        return DecisionList(decisions=tuple(found))


def _true_answer(row: Schema) -> str:
    """What a recording shows instead of what was decided, with the decisions that say more."""
    text = str(row["note"]).strip()
    return f"{text.removesuffix('.')} ({row['see']})." if "see" in row else text


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)
