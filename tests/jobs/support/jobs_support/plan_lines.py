"""Heads and rows of plans, as `Journal.begin` takes them."""

from __future__ import annotations

from typing import Any

from store_credit_jobs.wire_key import wire_key

__all__ = ["IDENTITY", "changed", "created", "head", "idle"]

IDENTITY = "vinr|api.example.com|shop"


def head(campaign: str = "nov", **more: Any) -> dict[str, Any]:
    """Make the head of a plan."""
    return {
        "plan": 1, "id": "pl_1", "campaign": campaign, "account": "shop", "identity": IDENTITY, "system": "vinr",
        "host": "https://api.example.com", "made": "2026-11-28T16:00:00Z", "source": {"name": "a.csv", "sha256": "0"},
        "mode": "add", "kind": "issue", "tool": "0.1.0", "settings": {}, **more,
    }  # fmt: skip


def created(
    n: int, key: str | None = None, *, minor: int = 1250, campaign: str = "nov", identity: str = IDENTITY, **more: Any
) -> dict[str, Any]:
    """Make a row that creates a credit."""
    key = f"ord-{n}" if key is None else key
    step = {"action": "create", "wire": wire_key(identity, campaign, key), "minor": minor}
    return {
        "n": n, "key": key, "do": "create", "customer": f"cust_{n}", "minor": minor, "currency": "USD", "line": n + 1,
        "steps": [step], **more,
    }  # fmt: skip


def changed(n: int, *targets: str, key: str | None = None, campaign: str = "nov") -> dict[str, Any]:
    """Make a row that takes a unit off each of some credits, one after the other."""
    key = f"ord-{n}" if key is None else key
    steps = [
        {
            "action": "update", "wire": wire_key(IDENTITY, campaign, key, step=s), "minor": 0, "target": target,
            "before": {"minor": 1}, "after": {"minor": 0},
        }
        for s, target in enumerate(targets, 1)
    ]  # fmt: skip
    return {**created(n, key, minor=len(targets), campaign=campaign), "do": "reduce", "steps": steps}


def idle(n: int, **more: Any) -> dict[str, Any]:
    """Make a row that has nothing to do."""
    return {**created(n), "do": "nothing", "steps": [], "why": "already_so", **more}
