"""The bodies of refusals beside the samples of an operation: those that can occur there, each once on a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from store_credit_mock.contract import OperationDefinition
from store_credit_mock.contract.document import join
from store_credit_tools.docs_site.anchors import Anchors
from store_credit_tools.docs_site.document import Source
from store_credit_tools.docs_site.examples import error_of
from store_credit_tools.docs_site.view_model import Place, ResponseExample

__all__ = ["NamedExample", "ResponseExamples"]

_NARROWED = "x-response-examples"


@dataclass(frozen=True, slots=True)
class NamedExample:
    """An example of a response, as the document has it."""

    name: str
    summary: str
    media_type: str
    value: Any

    @property
    def code(self) -> str:
        """The error code in it; empty without one."""
        value: object = self.value
        return error_of(cast("Mapping[str, Any]", value)).get("code", "") if isinstance(value, dict) else ""


class ResponseExamples:
    """Reads the examples for the operations of one page.

    A shared response has examples of everything that any of its operations may return. `x-response-examples` of one
    operation names those that can occur there.

    Args:
        source: The document.
        anchors: Those of the page.
    """

    def __init__(self, source: Source, anchors: Anchors) -> None:
        self.source = source
        self.anchors = anchors
        self._shown: dict[tuple[str, str], tuple[Place, str]] = {}

    def check(self, operation: OperationDefinition) -> None:
        """Make sure that what `x-response-examples` names is there.

        Raises:
            PagesError: It names a status or an example that the operation does not have.
        """
        for status, names in self._narrowed(operation).items():
            place = join(operation.pointer, _NARROWED, status)
            if status not in operation.definition["responses"]:
                raise self.source.fault(place, f"{operation.id} has no response {status}")
            known = {one.name for one in self._all(operation, status)}
            for name in names:
                if name not in known:
                    raise self.source.fault(place, f"the response {status} has no example {name}")

    def of(self, operation: OperationDefinition, status: str) -> Iterator[NamedExample]:
        """The examples of a response that can occur at an operation, in the order of the document."""
        wanted = self._narrowed(operation).get(status)
        return (one for one in self._all(operation, status) if wanted is None or one.name in wanted)

    def _narrowed(self, operation: OperationDefinition) -> Mapping[str, Sequence[str]]:
        return operation.definition.get(_NARROWED, {})

    def _all(self, operation: OperationDefinition, status: str) -> Iterator[NamedExample]:
        place, response = self.source.resolve(join(operation.pointer, "responses", status))
        for media_type, media in response.get("content", {}).items():
            for name in media.get("examples", {}):
                example = self.source.resolve(join(place, "content", media_type, "examples", name))[1]
                summary = str(example.get("summary") or name.replace("_", " ")).strip()
                yield NamedExample(name, summary, media_type, example["value"])

    def shown(
        self, examples: Sequence[NamedExample], prefix: str, status: str, owner: Place, title: str
    ) -> tuple[ResponseExample, ...]:
        """Put examples on the page: a body that is there already is referred to.

        Args:
            examples: Those of one response.
            prefix: What anchors of the operation begin with.
            status: Of the response.
            owner: Where the operation is.
            title: Its heading.
        """
        return tuple(self._one(one, (prefix, status), owner, title) for one in examples)

    def _one(self, example: NamedExample, path: tuple[str, str], owner: Place, title: str) -> ResponseExample:
        label, code, kind, value = example.summary, example.code, example.media_type, example.value
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
        if (kind, text) in self._shown:
            place, heading = self._shown[kind, text]
            return ResponseExample(label=label, code=code, media_type=kind, body="", as_in=place, as_in_title=heading)
        anchor = self.anchors.member(*path, example.name)
        if text:
            self._shown[kind, text] = (Place(owner.page, anchor, owner.heading), title)
        return ResponseExample(label=label, code=code, media_type=kind, body=text, anchor=anchor)
