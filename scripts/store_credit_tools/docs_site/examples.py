"""The examples of responses, and what they say when they refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from store_credit_mock.contract.document import join
from store_credit_tools.docs_site.document import Source

__all__ = ["error_of", "examples_of", "message_of"]


def examples_of(source: Source, response: str) -> Iterator[Mapping[str, Any]]:
    """The objects among the examples of a response, whose own place is `response`."""
    for media_type, media in source.document.at(response).get("content", {}).items():
        for name in media.get("examples", {}):
            value = source.resolve(join(response, "content", media_type, "examples", name))[1]["value"]
            if isinstance(value, dict):
                yield cast("Mapping[str, Any]", value)


def error_of(example: Mapping[str, Any]) -> Mapping[str, str]:
    """What an example says under `error`, if that has a code; else nothing."""
    error = example.get("error")
    found: Mapping[str, str] = cast("Mapping[str, str]", error) if isinstance(error, dict) else {}
    return found if "code" in found else {}


def message_of(example: Mapping[str, Any]) -> str:
    """The sentence for people in an example of a refusal; empty without one."""
    error = example.get("error")
    return error if isinstance(error, str) else error_of(example).get("message", "")
