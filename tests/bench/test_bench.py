"""What `scripts/bench` makes of its figures. No test here measures, and none depends on how fast anything is."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from store_credit_tools.bench import command
from store_credit_tools.bench.groups import FULL, QUICK, Effort, Group, SkippedError, selected
from store_credit_tools.bench.interleave import interleave
from store_credit_tools.bench.processes import BenchmarkError
from store_credit_tools.bench.results import Comparison, Floor, Row, as_json, as_markdown, as_text, judge, passed

CALL = Comparison("a call, against theirs", "us", "ours", "theirs", 0.9, Floor("least", "physics"))
KEYS = ["name", "ours", "rival", "ratio", "target", "holds", "limit"]


def row(ratio: float, target: float | None, limit: str | None = None) -> Row:
    return Row("a row [us]", ratio * 10, 10.0, ratio, target, limit)


def test_a_ratio_is_that_of_each_round_so_that_a_slow_round_does_not_count_twice() -> None:
    """The machine slowed down by half for the last two rounds: the ratio of the medians would not be 0.8."""
    figures = {"ours": [8.0, 8.0, 16.0, 16.0, 8.0], "theirs": [10.0, 10.0, 20.0, 20.0, 20.0], "least": [1.0] * 5}

    made = judge(CALL, figures)

    assert (made.name, made.ours, made.rival) == ("a call, against theirs [us]", 8.0, 20.0)
    assert made.ratio == pytest.approx(0.8)
    assert made.holds is True


def test_a_row_without_a_rival_is_compared_by_its_own_figure() -> None:
    """Memory has no rival: the target is in the figure's own unit."""
    made = judge(Comparison("memory", "MiB", "ours", None, 30.0), {"ours": [31.5]})

    assert (made.rival, made.ratio, made.holds) == (None, 31.5, False)


@pytest.mark.parametrize(
    ("ours", "least", "limit"),
    [
        (0.9, 2.0, None),  # exactly at the target: holds, so that nothing has to be excused
        (1.2, 0.5, None),  # the floor leaves room: a miss is a miss
        (1.2, 0.85, None),
        (1.2, 0.88, "0.88 is the least: physics"),  # less than a twentieth is no room
        (1.2, 1.1, "1.10 is the least: physics"),
    ],
)
def test_only_a_floor_at_the_target_excuses_a_miss(ours: float, least: float, limit: str | None) -> None:
    """The limit is given with its measured bound, and only where the target cannot be reached."""
    made = judge(CALL, {"ours": [10 * ours], "theirs": [10.0], "least": [10 * least]})

    assert made.limit == limit


@pytest.mark.parametrize(
    ("ours", "most", "holds", "limit"),
    [
        (60.0, 50.0, True, None),  # exactly at the target
        (59.0, 70.0, False, None),  # the bound leaves room
        (59.0, 62.0, False, "6.20 is the most: physics"),
    ],
)
def test_more_can_be_better(ours: float, most: float, holds: bool, limit: str | None) -> None:
    """Requests per second have a least target; a miss is excused by what nothing exceeds, measured beside it."""
    rate = Comparison("answers, against theirs", "1/s", "ours", "theirs", 6.0, Floor("most", "physics"), at_least=True)

    made = judge(rate, {"ours": [ours], "theirs": [10.0], "most": [most]})

    assert (made.holds, made.limit) == (holds, limit)
    assert as_text([made]).splitlines()[2].split()[-3:-1] == [">=", "6.00"]


def test_a_group_whose_tool_is_missing_is_skipped_aloud(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its rows are absent, the reason is on standard error, and the others are measured."""

    def missing(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
        raise SkippedError("wrk is not installed")

    seen: list[tuple[list[str], Effort]] = []
    rows = [Comparison("load", "1/s", "ours", None)]
    monkeypatch.setattr(command, "SUBJECTS", {"sdk": [Group("loads", rows, missing), group(seen)]})

    assert run(tmp_path, "--quick", "--json") == 0

    said = capsys.readouterr()
    assert [one["name"] for one in json.loads(said.out)] == [
        f"{one.name} [{one.unit}]" for one in group(seen).comparisons
    ]
    assert "loads ... SKIPPED: wrk is not installed" in said.err


def test_a_group_that_fails_does_not_cost_the_rows_of_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They took minutes: they are printed, what failed is told, and there is no page with some rows only."""

    def failing(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
        raise BenchmarkError("the contender stopped")

    seen: list[tuple[list[str], Effort]] = []
    rows = [Comparison("load", "1/s", "ours", None)]
    monkeypatch.setattr(command, "SUBJECTS", {"sdk": [Group("loads", rows, failing), group(seen)]})

    assert run(tmp_path, "--write") == 2

    said = capsys.readouterr()
    assert all(one.name in said.out for one in group(seen).comparisons)
    assert "scripts/bench: the contender stopped" in said.err
    assert "1 group failed; its rows are missing" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_run_in_which_everything_is_skipped_writes_no_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A page without rows would say that nothing was ever measured."""

    def missing(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
        raise SkippedError("wrk is not installed")

    rows = [Comparison("load", "1/s", "ours", None)]
    monkeypatch.setattr(command, "SUBJECTS", {"sdk": [Group("loads", rows, missing)]})

    assert run(tmp_path, "--write") == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([], True),
        ([row(0.5, 1.0), row(3.0, None)], True),
        ([row(0.5, 1.0), row(1.5, 1.0)], False),
        ([row(1.5, 1.0, "1.40 is the least: physics")], True),
    ],
)
def test_a_run_passes_when_every_promise_holds_or_has_a_limit(rows: list[Row], outcome: bool) -> None:
    """A row without a target promises nothing."""
    assert passed(rows) is outcome


def test_json_has_the_promised_members_in_order() -> None:
    """Others read this: the names, the nulls and the four digits are fixed."""
    limit = "1.40 is the least: physics"
    rows = [Row("one [us]", 123.456, 98.7654, 1.25, 1.0, limit), Row("two [MiB]", 0.123456, None, 0.123456, None)]

    made = json.loads(json.dumps(as_json(rows)))

    assert [list(one) for one in made] == [KEYS, KEYS]
    assert list(made[0].values()) == ["one [us]", 123.5, 98.77, 1.25, 1.0, False, limit]
    assert list(made[1].values()) == ["two [MiB]", 0.1235, None, 0.1235, None, None, None]


def test_a_figure_of_zero_can_be_written() -> None:
    """A process that did not grow at all is no reason to fail."""
    assert as_json([Row("one [MiB]", 0.0, None, 0.0, 30.0)])[0]["ours"] == 0


def test_the_table_says_what_holds_and_gives_the_limits_below() -> None:
    """A broken promise stands out; an excused one names its bound."""
    table = as_text([row(0.5, 1.0), row(1.5, 1.0), row(1.6, 1.0, "1.40 is the least: physics"), row(2.0, None)])
    lines = table.splitlines()

    assert [line.split()[-1] for line in lines[2:5]] == ["yes", "NO", "limit"]
    assert lines[5].split()[-1] == "2.00"
    assert len({len(line) for line in lines[1:3]}) == 1
    assert "1.40 is the least: physics" in table.partition("\nlimit: a row [us]\n")[2]


def test_the_page_is_a_markdown_table() -> None:
    """Every line of it has the same number of cells."""
    page = as_markdown([row(0.5, 1.0), Row("two [MiB]", 8.0, None, 8.0, 30.0)])
    table = [line for line in page.splitlines() if line.startswith("|")]

    assert len(table) == 4
    assert {line.count("|") for line in table} == {7}


def test_contenders_take_turns_and_the_first_round_is_dropped() -> None:
    """Every other round goes backwards; the warm-up appears in no figure."""
    order: list[str] = []
    clock = iter(range(100))

    def sampler(name: str) -> float:
        order.append(name)
        return float(next(clock))

    figures = interleave({name: lambda name=name: sampler(name) for name in ("a", "b")}, 3)

    assert order == ["a", "b", "a", "b", "b", "a", "a", "b"]
    assert figures == {"a": [2.0, 5.0, 6.0], "b": [3.0, 4.0, 7.0]}


def group(seen: list[tuple[list[str], Effort]]) -> Group:
    def measure(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
        seen.append((list(names), effort))
        return {name: [1.0, 1.0] for name in names}

    rows = [
        CALL,
        Comparison("a page, against theirs", "us", "pages", "theirs"),
        Comparison("memory", "MiB", "held", None),
    ]
    return Group("things", rows, measure)


def test_only_what_the_chosen_rows_need_is_measured() -> None:
    """A name in any case of letters picks rows; each contender is measured once, however many rows name it."""
    seen: list[tuple[list[str], Effort]] = []

    for chosen in (selected([group(seen)], ["PAGE"]), selected([group(seen)], [])):
        for one in chosen:
            one.rows(QUICK)

    assert [names for names, _ in seen] == [["pages", "theirs"], ["ours", "theirs", "least", "pages", "held"]]
    assert selected([group(seen)], ["nothing of the kind"]) == []


def test_a_quick_run_still_has_a_median() -> None:
    """Fewer rounds than usual, and never fewer than three."""
    assert QUICK.times(25) < FULL.times(25) == 25
    assert QUICK.times(1) == 3


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Effort]]:
    """Puts one made-up group in the place of the real ones; gives what was measured of it."""
    seen: list[tuple[list[str], Effort]] = []
    monkeypatch.setattr(command, "SUBJECTS", {"sdk": [group(seen)]})
    return seen


def run(folder: Path, *arguments: str) -> int:
    return command.main(["sdk", *arguments], description="help", root=folder)


def test_quick_json_prints_a_list_and_nothing_else_on_standard_output(
    measured: list[tuple[list[str], Effort]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The progress goes to standard error, so that a program can read the output; 1.0 misses the target of 0.9."""
    assert run(tmp_path, "--quick", "--json", "--only", "call") == 0

    rows = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in rows] == ["a call, against theirs [us]"]
    assert (rows[0]["holds"], rows[0]["limit"]) == (False, "1.00 is the least: physics")
    assert measured == [(["ours", "theirs", "least"], QUICK)]
    assert list(tmp_path.iterdir()) == []


def test_a_broken_promise_ends_in_1(
    measured: list[tuple[list[str], Effort]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a floor there is no excuse."""
    strict = Comparison("a call", "us", "ours", "theirs", 0.9)
    monkeypatch.setattr(command, "SUBJECTS", {"sdk": [Group("things", [strict], group(measured).measure)]})

    assert run(tmp_path, "--quick") == 1


def test_what_takes_many_minutes_is_measured_only_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--full` adds rows to those that a subject always has."""
    seen: list[tuple[list[str], Effort]] = []
    large = Group("large", [Comparison("a large thing", "s", "large", None)], group(seen).measure)
    monkeypatch.setattr(
        command, "SUBJECTS", {"sdk": [Group("held", [Comparison("held", "s", "held", None)], group(seen).measure)]}
    )
    monkeypatch.setattr(command, "LARGE", {"sdk": [large]})

    assert run(tmp_path) == run(tmp_path, "--full") == 0

    assert [names for names, _ in seen] == [["held"], ["held"], ["large"]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "cheese"], "no row's name holds 'cheese'; there are\n    a call, against theirs"),
        (["--write", "--quick"], "leave out --quick and --only"),
        (["--write", "--only", "call"], "leave out --quick and --only"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused_before_anything_runs(
    measured: list[tuple[list[str], Effort]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    """A mistyped name lists the rows; a page is never written from a part."""
    with pytest.raises(SystemExit) as stopped:
        run(tmp_path, *arguments)

    assert stopped.value.code == 2
    assert message in capsys.readouterr().err
    assert measured == []


def test_a_written_page_holds_the_table_and_what_it_was_measured_on(
    measured: list[tuple[list[str], Effort]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is named in it: neither the machine nor a folder of it."""
    monkeypatch.setattr("store_credit_tools.bench.report.description", lambda: ["2 cores of something"])

    assert run(tmp_path, "--write") == 0

    page = (tmp_path / "docs" / "benchmarks-sdk.md").read_text("utf-8")
    assert "| a call, against theirs [us] | 1.0 | 1.0 | 1.00 | 0.90 | limit |" in page
    assert "- 2 cores of something" in page
    assert str(tmp_path) not in page
    assert measured[0][1] == FULL


def test_every_real_row_has_a_name_of_its_own_that_says_against_whom() -> None:
    """`--only` picks by name, and readers of the JSON have nothing else to tell rows apart by."""
    every = [*command.SUBJECTS.values(), *command.LARGE.values()]
    names = [f"{one.name} [{one.unit}]" for groups in every for one in rows_of(groups)]

    assert len(names) == len(set(names))
    rivals = [one for groups in command.SUBJECTS.values() for one in rows_of(groups) if one.rival is not None]
    assert [one.name for one in rivals if ", against " not in one.name] == []


def rows_of(groups: Sequence[Group]) -> list[Comparison]:
    return [row for group in groups for row in group.comparisons]
