"""Code with its parts marked, in as few bytes as it takes.

Pages carry hundreds of samples. Pygments finds the parts; instead of a span with a class each becomes one of four short
elements that the style sheet colours: `<b>` keywords and names of members, `<i>` strings, `<u>` numbers and constants,
`<em>` comments.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType]
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType  # pyright: ignore[reportPrivateUsage]

__all__ = ["LANGUAGES", "highlight"]

LANGUAGES = frozenset(
    {"console", "go", "java", "javascript", "json", "php", "python", "ruby", "shell", "typescript", "yaml"}
)
"""Those whose parts are marked."""
_ELEMENTS: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "em"),
    (Keyword.Constant, "u"),
    (Name.Tag, "b"),
    (Keyword, "b"),
    (Operator.Word, "b"),
    (Name.Builtin.Pseudo, "u"),
    (String, "i"),
    (Number, "u"),
)


@cache
def _lexer(language: str, *, part: bool) -> Lexer:
    # A part of a program in PHP does not begin with <?php, without which the lexer would see a page of HTML.
    return get_lexer_by_name(language, stripnl=False, ensurenl=False, startinline=part)


@cache
def _element(kind: _TokenType) -> str:
    return next((element for family, element in _ELEMENTS if kind in family), "")


def highlight(code: str, language: str) -> str:
    """Write code as HTML, every character of it; in a language this module does not know, without marks."""
    if language not in LANGUAGES:
        return escape(code, quote=False)
    # Some lexers drop a last line that has no end.
    runs = list(_runs(f"{code}\n", language))
    if "".join(text for _, text in runs) != f"{code}\n":
        # Pygments has changed it, such as a carriage return; what is shown must be what is copied.
        return escape(code, quote=False)
    return "".join(_marked(element, text) for element, text in runs).removesuffix("\n")


def _marked(element: str, text: str) -> str:
    inner = text.rstrip()
    if not element or not inner:
        return escape(text, quote=False)
    return f"<{element}>{escape(inner, quote=False)}</{element}>{text[len(inner) :]}"


def _runs(code: str, language: str) -> Iterator[tuple[str, str]]:
    """Neighbours of one kind as one."""
    current, held = "", ""
    for kind, text in _lexer(language, part=not code.startswith("<?php")).get_tokens(code):
        element = _element(kind) if text.strip() else current
        if element != current:
            if held:
                yield current, held
            current, held = element, ""
        held += text
    if held:
        yield current, held
