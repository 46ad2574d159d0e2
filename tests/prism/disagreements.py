"""The exact list of kinds of requests on which Prism and the mock disagree, each with its reason.

A kind is on the list if every request of that kind, on every operation, is judged as the list says; the requests of all
other kinds are judged alike. The reasons are entries of limits.py, and each is shown alone in test_limits.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from .body_probes import MALFORMED, UNSPEAKABLE
from .probes import RIGHT

__all__ = ["KEPT_FROM_PRISM", "PRISM_ACCEPTS", "PRISM_REFUSES"]

PRISM_ACCEPTS: Mapping[str, str] = {
    "body: decimal places": "decimal places",
    "body: member twice": "members twice",
    "body: null where none is needed": "null for a body",
    "brackets: enum": "brackets in a name",
    "brackets: too many": "brackets in a name",
    "content: another kind of JSON": "kinds of JSON",
    "form: field twice": "repeated fields",
    "form: odd number": "numbers in texts",
    "form: unknown field": "closed forms",
    "header: empty": "empty parameters",
    "object: a list": "objects in the query",
    "object: a list for one": "objects in the query",
    "object: a text": "objects in the query",
    "object: below a member": "objects in the query",
    "object: one for a list": "objects in the query",
    "query: empty": "empty parameters",
    "query: list repeated": "parameters twice",
    "query: odd number": "numbers in texts",
    "query: unknown": "unknown parameters",
}
"""What the document forbids and the mock refuses, by the limit that lets it pass Prism."""

PRISM_REFUSES: Mapping[str, str] = {
    RIGHT + "HEAD": "HEAD",
    RIGHT + "bearer in small letters": "bearer in small letters",
    RIGHT + "credentials in the query": "credentials elsewhere",
    RIGHT + "plain JSON asked for": "content negotiation",
    RIGHT + "preparing call": "preparing calls",
}
"""What the real servers answer and so the mock does, by what makes Prism stricter."""

KEPT_FROM_PRISM: Mapping[str, str] = {MALFORMED: "malformed JSON", UNSPEAKABLE: "names outside Latin-1"}
"""What the mock refuses and Prism is not asked about: it would never answer, or end."""
