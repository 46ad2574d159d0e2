"""The headers of an event as its sender computes them for the event that a page prints."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from store_credit_tools.docs_site.view_model import Attribute, AttributeGroup

__all__ = ["SECRETS", "headers_of"]

SECRETS: Final[Mapping[str, tuple[str, str]]] = {
    "vinr": ("whsec_example", "the secret `whsec_example`"),
    "spree_v3": ("0" * 64, "a secret of 64 zeros"),
}
"""By system: the secret that the examples are signed with, and how a page names it."""


def headers_of(group: AttributeGroup, system: str, name: str, printed: str) -> AttributeGroup:
    """Replace the examples of an event's headers, which the document gives once for all events of a system.

    Args:
        group: The headers, with the document's examples.
        system: Whose event it is, such as `vinr`.
        name: The name in the event's body, such as `store_credit.created`.
        printed: The event that the page prints, as JSON.
    """
    if system not in SECRETS or not printed:
        return group
    secret, called = SECRETS[system]
    body = json.dumps(json.loads(printed), ensure_ascii=False, separators=(",", ":"))
    timestamp = next((one.example for one in group.all if one.name.endswith("-Timestamp")), None)

    def fitting(header: Attribute) -> Attribute:
        if header.name.endswith("-Event"):
            return replace(header, example=name)
        if not header.name.endswith("-Signature") or timestamp is None:
            return header
        signature = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
        text = "The example signs the event printed below as compact JSON (members in that order, no blanks between"
        return replace(
            header,
            example=signature,
            description=f"{header.description} {text} them), with the timestamp {timestamp} and {called}.",
        )

    return AttributeGroup(tuple(map(fitting, group.standard)), tuple(map(fitting, group.advanced)))
