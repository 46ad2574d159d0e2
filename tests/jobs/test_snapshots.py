"""Snapshots are whole or not there, prove that they were not changed, and are a chain from which none can be taken."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs_support.listed_account import SPREE, SPREE_V3, VINR, ListedAccount, abilities, credit
from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError
from store_credit_jobs.snapshots import snapshot_file
from store_credit_jobs.snapshots.credit_line import LARGEST, credit_from_line, line_of_credit
from store_credit_jobs.snapshots.export import Effort, Reading, export
from store_credit_jobs.snapshots.snapshot_file import Snapshot, seconds_of
from store_credit_jobs.snapshots.store import SnapshotStore

AT = 1_790_000_000.0
amounts = st.integers(-LARGEST, LARGEST)
# Also half a surrogate pair, which JSON may hold and UTF-8 may not.
texts = st.text(st.characters(), max_size=20)
times = st.floats(0, 2**40, allow_nan=False)
any_credit = st.builds(
    Credit,
    id=texts,
    customer=st.none() | texts,
    minor=amounts,
    used=amounts,
    authorized=amounts,
    currency=texts,
    expires=st.none() | st.integers(0, 2**40),
    created=times,
    updated=st.none() | times,
    memo=st.none() | texts,
    category=st.none() | texts,
    email=st.none() | texts,
    mark=st.none() | texts,
    status=st.none() | texts,
    events=st.lists(st.dictionaries(texts, st.integers() | texts, max_size=2), max_size=2).map(tuple),
)


def at(seconds: float) -> Reading:
    return Reading(clock=lambda: seconds)


def add(store: SnapshotStore, seconds: float, *held: Credit, account: Account = VINR) -> Snapshot:
    return store.add(ListedAccount(held), account, at(seconds))


@given(any_credit)
def test_a_credit_makes_one_line_and_is_read_from_it_again(one: Credit) -> None:
    line = line_of_credit(one)
    assert credit_from_line(line) == one
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert line_of_credit(credit_from_line(line)) == line


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"minor": 5.0}, "minor is not an integer"),
        ({"minor": True}, "minor is not an integer"),
        ({"used": "5"}, "used is not an integer"),
        ({"authorized": None}, "authorized is not an integer"),
        ({"minor": 2**63}, "minor is too large"),
        ({"expires": 1.5}, "expires is not an integer"),
        ({"created": float("nan")}, "created is not a time"),
        ({"created": 10**400}, "created is not a time"),
        ({"created": None}, "created is not a time"),
        ({"id": 7}, "id is not text"),
        ({"memo": 7}, "memo is not text"),
        ({"events": {}}, "events is not a list"),
        ({"balance": 7}, "a member that credits do not have: 'balance'"),
    ],
)
def test_a_line_that_is_not_a_credit_is_refused(change: dict[str, Any], why: str) -> None:
    members = {**json.loads(line_of_credit(credit(1))), **change}
    with pytest.raises(ValueError, match=why):
        credit_from_line(json.dumps(members).encode())


def test_an_export_holds_every_credit_and_what_they_add_up_to(tmp_path: Path) -> None:
    held = [
        credit(1, minor=1000, used=250, authorized=100),
        credit(2, minor=500, used=100, expires=int(AT)),
        credit(3, minor=500, expires=int(AT) + 1),
        credit(4, minor=7, currency="JPY", memo="\u202e=1+1\r\n", customer=None),
    ]
    made = export(ListedAccount(held), VINR, tmp_path / "shop.jsonl", at(AT))
    read = Snapshot.open(tmp_path / "shop.jsonl")
    assert read == made
    assert list(read.credits()) == held
    assert read.head.started == read.head.ended == "2026-09-21T14:13:20.000Z"
    assert (read.head.account, read.head.system, read.head.host) == ("shop", "vinr", "api.vinr.example")
    assert {currency: attrs.astuple(sums) for currency, sums in read.head.totals.items()} == {
        "JPY": (1, 7, 0, 0, 0),
        # What expires at the moment itself has expired.
        "USD": (3, 2000, 350, 100, 400),
    }
    assert read.head.totals["USD"].outstanding == 1250
    assert stat.S_IMODE((tmp_path / "shop.jsonl").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["shop.jsonl"]


def test_an_empty_account_is_a_snapshot_too(tmp_path: Path) -> None:
    export(ListedAccount(), VINR, tmp_path / "none.jsonl", at(AT))
    assert list(Snapshot.open(tmp_path / "none.jsonl").credits()) == []


def test_where_there_is_no_list_over_all_customers_each_is_asked_about_and_the_effort_told_first(
    tmp_path: Path,
) -> None:
    told: list[Effort] = []
    system = ListedAccount(
        [credit(1, customer="c1"), credit(2, customer="c250")],
        abilities(scan=False, customers=True),
        [(f"c{number}", None) for number in range(1, 251)],
    )
    made = export(system, SPREE_V3, tmp_path / "s.jsonl", Reading(limit=100, announce=told.append, clock=lambda: AT))
    assert made.head.credits == 2
    assert told == [Effort(customers=250, requests=253, minutes=3)]
    assert len(system.asked[0][1]) == 250


def test_a_ledger_is_asked_for_where_the_system_keeps_it_apart(tmp_path: Path) -> None:
    class WithLedger(ListedAccount):
        def events(self, credit: str) -> list[dict[str, str]]:
            return [{"action": "allocation", "of": credit}]

    system = WithLedger([credit(1), credit(2)])
    plain = export(system, SPREE_V3, tmp_path / "plain.jsonl", at(AT))
    whole = export(system, SPREE_V3, tmp_path / "whole.jsonl", Reading(ledger=True, clock=lambda: AT))
    assert (plain.head.ledger, whole.head.ledger) == (False, True)
    assert [one.events for one in whole.credits()] == [
        ({"action": "allocation", "of": "sc_1"},),
        ({"action": "allocation", "of": "sc_2"},),
    ]


def test_an_amount_that_is_not_an_integer_stops_the_export(tmp_path: Path) -> None:
    broken: Any = 10.5
    with pytest.raises(JobsError, match="credit sc_2: minor is not an integer") as caught:
        export(ListedAccount([credit(1), credit(2, minor=broken)]), VINR, tmp_path / "s.jsonl", at(AT))
    assert caught.value.code == "snapshot_credit"
    assert list(tmp_path.iterdir()) == []


def made_file(folder: Path) -> Path:
    path = folder / "s.jsonl"
    export(ListedAccount([credit(number, memo=f"note {number}") for number in range(1, 6)]), VINR, path, at(AT))
    return path


@pytest.mark.parametrize(("old", "new"), [(b"note 3", b"note 8"), (b'"minor":1000', b'"minor":1001')])
def test_one_changed_byte_is_noticed(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = made_file(tmp_path)
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(JobsError, match=r"s\.jsonl:7: .*the file was changed") as caught:
        Snapshot.open(path)
    assert caught.value.code == "snapshot_damaged"


@pytest.mark.parametrize("keep", [0, 1, 100, 700, -1, -30])
def test_a_truncated_file_is_refused_wherever_it_was_cut(tmp_path: Path, keep: int) -> None:
    path = made_file(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(JobsError, match=r"s\.jsonl:\d+: ") as caught:
        Snapshot.open(path)
    assert caught.value.code == "snapshot_damaged"


def test_a_file_that_lost_or_gained_whole_lines_is_refused(tmp_path: Path) -> None:
    path = made_file(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    for changed in (lines[:3] + lines[4:], lines[:3] + lines[3:4] * 2 + lines[4:], lines[:-1], [*lines, b"\n"]):
        path.write_bytes(b"".join(changed))
        with pytest.raises(JobsError) as caught:
            Snapshot.open(path)
        assert caught.value.code == "snapshot_damaged"
    path.write_bytes(b"\r\n".join(b"".join(lines).split(b"\n")))
    with pytest.raises(JobsError, match="CR LF"):
        Snapshot.open(path)


def resealed(path: Path, old: bytes, new: bytes) -> None:
    """Change a file and seal it again, as somebody could who knows how."""
    lines = path.read_bytes().replace(old, new, 1).splitlines(keepends=True)[:-1]
    sha256 = snapshot_file.hashlib.sha256(b"".join(lines)).hexdigest()
    seal = json.dumps({"credits": len(lines) - 1, "sha256": sha256}).encode() + b"\n"
    path.write_bytes(b"".join(lines) + seal)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'"minor":1000,"used":0', b'"minor":1000.0,"used":0', r":2: minor is not an integer"),
        (b'"used":0,"authorized":0,"currency"', b'"used":1,"authorized":0,"currency"', r":1: the totals do not match"),
    ],
)
def test_what_was_sealed_anew_is_still_read_with_care(tmp_path: Path, old: bytes, new: bytes, why: str) -> None:
    path = made_file(tmp_path)
    resealed(path, old, new)
    with pytest.raises(JobsError, match=why):
        list(Snapshot.open(path).credits())


def test_another_version_is_named(tmp_path: Path) -> None:
    path = made_file(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'{"snapshot":1,', b'{"snapshot":2,'))
    with pytest.raises(
        JobsError, match=r"s\.jsonl:1: the snapshot has version 2, but this program supports only version 1"
    ):
        Snapshot.open(path)
    path.write_bytes(b'{"plan":1}\n')
    with pytest.raises(JobsError, match="the file is not a snapshot"):
        Snapshot.open(path)
    with pytest.raises(JobsError, match=r"absent\.jsonl: No such file") as caught:
        Snapshot.open(tmp_path / "absent.jsonl")
    assert caught.value.code == "snapshot_missing"


def test_a_file_that_is_exchanged_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = made_file(tmp_path)
    opened = Snapshot.open(path)
    export(ListedAccount([credit(number) for number in range(11, 16)]), VINR, path, at(AT))
    with pytest.raises(JobsError, match="changed while it was being read"):
        list(opened.credits())


def test_a_failed_export_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made_file(tmp_path)
    before = path.read_bytes()

    def fails(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshot_file.os, "fsync", fails)
    with pytest.raises(JobsError, match="No space left on device: no snapshot was created") as caught:
        export(ListedAccount([credit(9)]), VINR, path, at(AT))
    assert caught.value.code == "disk_full"
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["s.jsonl"]

    def gone(_: int) -> None:
        raise RuntimeError("the server is gone")

    with pytest.raises(RuntimeError):
        export(ListedAccount([credit(9)], between=gone), VINR, path, at(AT))
    assert [one.name for one in tmp_path.iterdir()] == ["s.jsonl"]


def test_what_a_killed_export_left_is_swept_and_that_of_a_living_one_is_not(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    folder = store.folder(VINR)
    code = (
        "import os, pathlib, signal, sys\n"
        "from store_credit_jobs.snapshots.snapshot_file import SnapshotDraft\n"
        "folder = pathlib.Path(sys.argv[1]); folder.mkdir(parents=True)\n"
        "draft = SnapshotDraft(folder, '2026-01-01T00:00:00Z')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(folder)], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    (left,) = folder.iterdir()
    with snapshot_file.SnapshotDraft(folder, "2026-01-01T00:00:00Z") as living:
        living.add(credit(1))
        add(store, AT, credit(1))
        names = [path.name for path in folder.iterdir()]
        assert left.name not in names
        assert sum(name.endswith(".body") for name in names) == 1


def test_snapshots_of_an_account_are_a_chain(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    made = [add(store, AT + number, credit(1, used=number)) for number in range(4)]
    add(store, AT, credit(1), account=SPREE)
    assert [one.head.previous for one in made] == [None, *(one.sha256 for one in made[:3])]
    chain = store.chain(VINR, check=True)
    assert chain.problems == ()
    assert chain.snapshots == tuple(made)
    assert store.newest(VINR) == made[3]
    assert store.as_of(VINR, AT + 2.5) == made[2]
    assert store.as_of(VINR, AT + 2) == made[2]
    assert store.as_of(VINR, AT - 1) is None
    # The same name on another host is another account.
    elsewhere = attrs.evolve(VINR, url="https://sandbox.api.vinr.example")
    assert store.chain(elsewhere).snapshots == ()
    assert store.newest(elsewhere) is None


def test_a_clock_that_was_set_back_does_not_break_the_chain(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    made = [add(store, AT - 100 * number, credit(1, used=number)) for number in range(3)]
    chain = store.chain(VINR, check=True)
    assert (chain.snapshots, chain.problems) == (tuple(made), ())


@pytest.mark.parametrize("taken", [0, 1, 2, 3])
def test_a_snapshot_that_is_taken_out_is_missed(tmp_path: Path, taken: int) -> None:
    store = SnapshotStore(tmp_path)
    made = [add(store, AT + number, credit(1, used=number)) for number in range(4)]
    made[taken].path.unlink()
    chain = store.chain(VINR, check=True)
    assert [problem.code for problem in chain.problems] == ["snapshot_removed"]
    assert len(chain.snapshots) == 3
    # The gap stays, also when the next one is added.
    add(store, AT + 9, credit(1, used=9))
    assert "snapshot_removed" in [problem.code for problem in store.chain(VINR, check=True).problems]


def test_a_changed_copied_foreign_or_exchanged_snapshot_is_named(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    made = [add(store, AT + number, credit(1, used=number)) for number in range(3)]
    original = made[1].path.read_bytes()

    def codes() -> set[str]:
        return {problem.code for problem in store.chain(VINR, check=True).problems}

    made[1].path.write_bytes(original.replace(b'"minor":1000', b'"minor":9000'))
    assert codes() == {"snapshot_damaged"} | {"snapshot_removed"}
    made[1].path.write_bytes(original)
    copied = made[1].path.with_name("copy.jsonl")
    copied.write_bytes(original)
    assert codes() == {"snapshot_double"}
    export(ListedAccount([credit(7)]), SPREE, copied, at(AT))
    assert codes() == {"snapshot_foreign"}
    export(ListedAccount([credit(7)]), VINR, copied, at(AT))
    assert "snapshot_second_chain" in codes()
    copied.unlink()
    resealed(made[1].path, b'"minor":1000', b'"minor":9000')
    assert "snapshot_removed" in codes()


def test_a_second_claim_to_one_place_is_a_fork(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    made = [add(store, AT + number, credit(1, used=number)) for number in range(2)]
    newest = store.folder(VINR) / "newest"
    newest.write_text(f"{made[0].sha256}\n")
    made[1].path.rename(tmp_path / "aside")
    add(store, AT + 5, credit(1, used=5))
    (tmp_path / "aside").rename(made[1].path)
    assert "snapshot_fork" in {problem.code for problem in store.chain(VINR, check=True).problems}


def test_a_process_that_dies_before_it_names_the_newest_leaves_a_whole_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store_credit_jobs.snapshots import store as store_module

    store = SnapshotStore(tmp_path)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    for number in range(2):
        with monkeypatch.context() as patched:
            patched.setattr(store_module, "_write_newest", dies)
            with pytest.raises(KeyboardInterrupt):
                add(store, AT + 10 * number, credit(1, used=10 * number))
        assert store.chain(VINR, check=True).problems == ()
        add(store, AT + 10 * number + 1, credit(1, used=10 * number + 1))
        assert store.chain(VINR, check=True).problems == ()
    assert len(store.chain(VINR).snapshots) == 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(JobsError, match="Permission denied") as caught:
        add(SnapshotStore(tmp_path), AT, credit(1))
    assert caught.value.code == "snapshot_not_written"


def test_times_are_kept_to_the_millisecond() -> None:
    assert snapshot_file.time_text(1_700_000_000.1239) == "2023-11-14T22:13:20.123Z"
    assert seconds_of("2023-11-14T22:13:20.123Z") == pytest.approx(1_700_000_000.123)
    with pytest.raises(ValueError, match="has no time zone"):
        seconds_of("2023-11-14T22:13:20")
