"""The file of a plan: sealed to the last byte, for one account and one day, and all or nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import attrs
import pytest

from jobs_support.planning import (
    IDENTITY,
    NOW,
    Desk,
    account,
    csv,
)
from store_credit_jobs.errors import JobsError
from store_credit_jobs.planning.plan_file import (
    PlanHead,
    PlanRow,
    PlanWriter,
    check_head,
    check_seal,
    read_rows,
    write_plan,
)


def head(**more: Any) -> PlanHead:
    given = {"id": "pl_1", "campaign": "nov", "account": "shop", "identity": IDENTITY, "system": "vinr",
             "host": "https://sandbox.api.vinr.com", "made": "2026-11-30T00:53:20Z", "source": {}, "mode": "add",
             "kind": "issue", "tool": "0"}  # fmt: skip
    return PlanHead(**(given | more))


def test_one_changed_byte_anywhere_is_noticed(desk: Desk) -> None:
    desk.plan(csv("a,11,1,USD", "b,12,2,USD"))
    whole = desk.output.read_bytes()
    for place in range(len(whole)):
        for bit in (1, 32)[place % 2 :: 2]:
            changed = bytearray(whole)
            changed[place] ^= bit
            desk.output.write_bytes(changed)
            with pytest.raises(JobsError) as caught:
                check_seal(desk.output)
            assert caught.value.code in ("plan_changed", "plan_version"), place
            assert caught.value.exit_code == 2
    lines = whole.splitlines(keepends=True)
    first, second, third, seal = lines
    for cut in (
        b"", whole[:-1], whole + b"\n", whole + seal, first + second + third, first + third + seal,
        first + third + second + seal, first, b"\xff\xfe", b"[" * 100_000,
    ):  # fmt: skip
        desk.output.write_bytes(cut)
        with pytest.raises(JobsError):
            check_seal(desk.output)
    desk.output.unlink()
    with pytest.raises(JobsError, match="cannot be read"):
        check_seal(desk.output)


def test_a_plan_that_changes_while_it_is_read_ends_in_an_error(desk: Desk) -> None:
    desk.plan(csv("a,11,1,USD", "b,12,2,USD"))
    whole = desk.output.read_bytes()
    desk.output.write_bytes(whole.replace(b'"minor":200', b'"minor":900'))
    rows = read_rows(desk.output)
    assert next(rows).minor == 100
    assert next(rows).minor == 900
    with pytest.raises(JobsError, match="the seal does not match"):
        next(rows)


def test_a_plan_is_for_its_account_and_its_day() -> None:
    shop = account()
    check_head(head(), shop, now=NOW)
    check_head(head(), shop, now=NOW + 86_400)
    check_head(head(), shop, now=NOW - 59)
    check_head(head(), shop, now=NOW + 86_401, max_age=90_000)
    for now, code in ((NOW + 86_401, "plan_old"), (NOW - 61, "clock_skew")):
        with pytest.raises(JobsError) as caught:
            check_head(head(), shop, now=now)
        assert caught.value.code == code
    for other in (
        attrs.evolve(shop, name="outlet"),
        attrs.evolve(shop, url="https://api.vinr.com"),
        attrs.evolve(shop, url="http://sandbox.api.vinr.com"),
        attrs.evolve(shop, system="spree-v2"),
    ):
        with pytest.raises(JobsError) as caught:
            check_head(head(), other, now=NOW)
        assert caught.value.code == "other_host"


def test_a_plan_goes_nowhere_but_in_its_place(desk: Desk) -> None:
    """It replaces a plan, never another file; and is there whole or not at all."""
    content = csv("a,11,1,USD")
    own = desk.file(content, "own.csv")
    for place in (own, desk.folder, desk.folder / "absent" / "plan.jsonl"):
        with pytest.raises(JobsError) as caught:
            desk.make(content, output=place)
        assert caught.value.code == "output"
    assert own.read_text() == content
    desk.plan(content)
    before = desk.output.read_bytes()
    writer = PlanWriter(desk.output, head())
    with pytest.raises(KeyError), writer:
        raise KeyError
    assert desk.output.read_bytes() == before
    assert {path.name for path in desk.folder.iterdir()} == {"own.csv", "a.csv", "plan.jsonl"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full fills a disk without a disk")
def test_a_full_disk_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.fdopen

    def full(handle: int, *more: Any, **named: Any) -> Any:
        os.close(handle)
        return opened(os.open("/dev/full", os.O_WRONLY), *more, **named)

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(JobsError, match="No space left") as caught:
        write_plan(desk.output, head(), [PlanRow(1, "a", "nothing", "c", 1, "USD")])
    assert caught.value.code == "output"
    assert list(desk.folder.iterdir()) == []
