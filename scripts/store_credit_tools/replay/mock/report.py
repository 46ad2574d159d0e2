"""What a play found, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from store_credit_tools.replay.mock.runner import Report

__all__ = ["as_dict", "played_lines"]


def as_dict(report: Report) -> dict[str, Any]:
    """As JSON."""
    return {
        "profile": report.profile,
        "steps": report.steps,
        "published_in_scope": len(report.equal) + len(report.different) + len(report.excepted),
        "equal": len(report.equal),
        "different": {name: {"step": report.numbers[name], "found": found} for name, found in report.different.items()},
        "excepted": report.excepted,
        "preparing_statuses_right": report.statuses,
        "preparing_statuses_wrong": report.wrong_statuses,
        "without_an_answer": report.unanswered,
        "outside_the_document": report.outside,
        "outside_statuses_wrong": report.outside_wrong,
        "outside_published_not_compared": report.outside_published,
        "passed_over": dict(report.passed_over),
        "ok": report.ok,
    }


def played_lines(report: Report, *, verbose: bool = False) -> Iterator[str]:
    """As text."""
    total = len(report.equal) + len(report.different) + len(report.excepted)
    yield f"Spree {report.profile}: {report.steps} steps played, observe mode, in process"
    yield f"  in scope: {len(report.equal)} of {total} published responses are equal"
    yield f"  in scope, only prepared: {report.statuses} statuses as expected, {len(report.wrong_statuses)} not"
    yield f"  in scope, without a response here: {report.unanswered} steps"
    yield (
        f"  outside the document, through the control plane: {report.outside} steps,"
        f" {len(report.outside_wrong)} statuses not as expected,"
        f" {report.outside_published} published responses not compared"
    )
    for reason in dict.fromkeys(report.passed_over.values()):
        names = [name for name, other in report.passed_over.items() if other == reason]
        yield f"  not compared, {reason}: {', '.join(names)}"
    for name, reason in report.excepted.items():
        yield f"  exception {name}: {reason}"
    for problem in (*report.wrong_statuses, *report.outside_wrong):
        yield f"  wrong {problem}"
    for name, found in report.different.items():
        yield f"  different at step {report.numbers[name]}, {name}:"
        for difference in found if verbose else found[:5]:
            yield f"    {difference}"
        if len(found) > 5 and not verbose:
            yield f"    and {len(found) - 5} more"
    if verbose:
        for name in report.equal:
            yield f"  equal {name}"
