"""Moves whose journal is in PostgreSQL: any machine goes on with them, and one at a time does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from jobs_support.move_shops import Shops
from store_credit_jobs.cli.apply_command import Apply
from store_credit_jobs.exit_codes import ExitCode

pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")


class Killed(BaseException):
    """This machine is gone."""


def test_a_move_that_dies_is_finished_on_another_machine(
    shops_of: Callable[..., Shops], database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All that the other one has are the plan and the database; afterwards nothing is left to move."""
    from store_credit_jobs.journal.postgres_journal import PostgresJournal

    shops = shops_of("vinr", "spree-v2")
    shops.issue(6)
    before = shops.owed("old")
    postgres = ("--postgres", database)
    assert shops.make_plan(*postgres)["rows"] == 6
    carry_out, ran = Apply.carry_out, list[Apply]()

    def dying(self: Apply) -> ExitCode:
        if ran:
            raise Killed
        ran.append(self)
        return carry_out(self)

    with monkeypatch.context() as context:
        context.setattr(Apply, "carry_out", dying)
        with pytest.raises(Killed):
            shops.apply(*postgres)
    assert not +shops.owed("old")
    assert not shops.owed("new")
    assert shops.verify(*postgres).code == 5

    shops.office.workspace = tmp_path / "another-machine"
    # While a runner has one of the accounts, nothing is sent.
    identity = shops.office.accounts["new"].identity
    with closing(PostgresJournal(database)) as other:
        other.hold(identity)
        locked = shops.apply(*postgres)
        assert locked.code == 6, locked
        assert identity in locked.err
        assert not shops.owed("new")
    finished = shops.apply(*postgres)
    assert finished.code == 0, finished
    assert shops.owed("new") == before
    assert shops.verify(*postgres).code == 0
    assert shops.make_plan(*postgres)["rows"] == 0
    there = shops.office.credits("new")
    assert shops.apply(*postgres).code == 0
    assert shops.office.credits("new") == there
    # The books are in the database alone.
    assert not list(shops.office.workspace.rglob("journal.db"))
    with closing(PostgresJournal(database)) as journal:
        assert [job.kind for job in journal.jobs()] == ["move"] * 3
        assert journal.runner(identity) is None


def test_a_move_whose_lease_is_lost_sends_nothing_more(
    shops_of: Callable[..., Shops], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else has the accounts by now; what was taken is given by whoever runs it next."""
    from store_credit_jobs.journal.postgres_journal import PostgresJournal

    shops = shops_of("spree-v2", "spree-v3")
    shops.issue(4)
    before = shops.owed("old")
    shops.make_plan("--postgres", database)
    with monkeypatch.context() as context:
        context.setattr(PostgresJournal, "holds", lambda _: False)
        lost = shops.apply("--postgres", database)
    assert lost.code not in (0, 1, 70), lost
    assert shops.owed("old") == before
    assert not shops.owed("new")
    assert shops.apply("--postgres", database).code == 0
    assert shops.owed("new") == before
