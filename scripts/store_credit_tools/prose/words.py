"""The words that no text for readers should have, with what to write instead.

Code, and what stands in quotes, is not looked at: a vendor's text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from store_credit_tools.prose.sentences import Sentence

_BANNED = {
    r"\banswer(?:s|ed|ing)?\b": "response, or respond",
    r"\bmend(?:s|ed|ing)?\b": "correct",
    r"\bblanks\b": "spaces",
    r"(?<!there )\b(?:is|are) no (?!longer\b)": "is not a valid ...",
    r"\btrouble\b": "failure, problem",
    r"\btells? of\b": "reports",
    r"\bwithout a word\b": "silently",
    r"\bheld against\b": "validated",
    r"\blets? (?:it )?run out\b": "expires",
    r"\b(?:take|takes|taken|taking) (?:it |(?:store )?credit )?off\b": "remove",
    r"\b(?:put|puts|putting) (?:it |(?:store )?credit )?on (?:a|an|the|it)\b": "apply to",
    r"\bwhoever\b": "anyone who, if you",
    r"\bsuch that\b": "so that, or two sentences",
    r"\bmisspelt\b": "misspelled",
    r"\bfor ever\b": "indefinitely",
    r"\bany more\b": "any longer, no longer",
    r"\bthe document\b": "the OpenAPI document, openapi.yaml",
}
_PATTERNS = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in _BANNED.items()]
_QUOTED = re.compile(r"``.*?``|`[^`]*`|\"[^\"]*\"|\]\([^)]*\)")

ALLOWED = {
    ("mock/README.md", "the document"): "the one named by --document, in the sections about any OpenAPI document",
    ("mock/src/store_credit_mock/", "the document"): "the one a command was started with",
}
"""Where a word may stand all the same, by the beginning of the path, and why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A banned word in a sentence."""

    sentence: Sentence
    word: str
    instead: str

    def __str__(self) -> str:
        """The place, the word, what to write, and the sentence."""
        place = f"{self.sentence.path}:{self.sentence.line}"
        return f"{place}: {self.word!r}: write {self.instead}: {self.sentence.text}"


def in_sentence(sentence: Sentence) -> Iterator[Finding]:
    """The banned words of one sentence."""
    bare = _QUOTED.sub("``", sentence.text)
    for pattern, instead in _PATTERNS:
        for match in pattern.finditer(bare):
            word = match[0].strip().lower()
            if not any(sentence.path.startswith(path) and word == allowed for path, allowed in ALLOWED):
                yield Finding(sentence, word, instead)
