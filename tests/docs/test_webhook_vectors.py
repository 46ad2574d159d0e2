"""The signatures on the webhooks page are those of the events it prints, so that any verifier can be tried on them."""

from __future__ import annotations

import hashlib
import hmac
import json
import re

import pytest
from pagetree import Tree, words

from bootstrap import ROOT

PAGE = (ROOT / "docs" / "site" / "webhooks.md").read_text("utf-8")
SECTION = re.compile(r"^## (?P<title>(?:VINR|Spree v3): a .+)\n(?P<text>(?:(?!^## ).*\n?)*)", re.MULTILINE)
SECTIONS = {found["title"]: found["text"] for found in SECTION.finditer(PAGE)}
SECRETS = {"the secret `whsec_example`": "whsec_example", "a secret of 64 zeros": "0" * 64}


def example(text: str, header: str) -> str:
    """The example of a header, in a section of the page."""
    (entry,) = re.findall(rf"^- `X-[\w-]*{header}` .*?(?=^- |^#)", text, re.MULTILINE | re.DOTALL)
    return str(re.findall(r"Example:\s+`([^`]+)`", entry)[-1])


@pytest.mark.parametrize("title", SECTIONS)
def test_the_signature_is_that_of_the_event_printed(title: str) -> None:
    """With the timestamp and the secret that the page names beside it."""
    text = SECTIONS[title]
    (printed,) = re.findall(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (secret,) = [value for called, value in SECRETS.items() if called in " ".join(text.split())]
    timestamp = example(text, "Timestamp")
    assert f"with the timestamp {timestamp} and" in " ".join(text.split())
    body = json.dumps(json.loads(printed), separators=(",", ":"), ensure_ascii=False)

    signature = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()

    assert example(text, "Signature") == signature
    if title.startswith("Spree"):
        assert example(text, "Webhook-Event") == json.loads(printed)["name"]


def test_every_event_has_a_section_that_names_its_system_and_each_system_one_receiver(trees: dict[str, Tree]) -> None:
    """In the outline too; no heading stands above nothing."""
    assert len(SECTIONS) == 5
    assert PAGE.count("def receive(") == 2
    assert PAGE.count("The receiver is shown under [") == 3
    headings = [words(found) for found in trees["webhooks.html"].all("h2")]
    assert [title for title in SECTIONS if not any(title in heading for heading in headings)] == []
    assert not [heading for heading in headings if heading.startswith("Events")]
