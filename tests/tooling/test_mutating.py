"""Mutants: which there are, that each is applied and taken back, and what is said of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import ROOT
from store_credit_tools.mutate.mutants import Mutant, mutants_of
from store_credit_tools.mutate.report import page
from store_credit_tools.mutate.trials import Outcome, Reach, Trial, TrialError, Trials, copied

MODULE = Path("sdk/src/store_credit/doubled.py")
SOURCE = "def doubled(number: int) -> int:\n    return number * 2\n"
PASSES = "from store_credit.doubled import doubled\n\n\ndef test_doubled():\n    assert doubled(3) == 6\n"


def changes(source: str) -> list[tuple[str, str]]:
    return [(mutant.before, mutant.after) for mutant in mutants_of(MODULE, source.encode())]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c", [("b < c", "(b <= c)")]),
        ("a = b is None", [("b is None", "(b is not None)")]),
        ("a = b and not c", [("b and not c", "(b or not c)"), ("not c", "(c)")]),
        ("a = b * 2", [("b * 2", "(b + 2)"), ("2", "3")]),
        ("a = True", [("True", "False")]),
        ("a = b if c else d", [("b if c else d", "(d if c else b)")]),
        ("if a:\n    raise b", [("a", "(not a)"), ("raise b", "pass")]),
        ("def a():\n    return b", [("return b", "return None")]),
        ("a.b = c\nd(e)\nf += g", [("a.b = c", "pass"), ("d(e)", "pass"), ("f += g", "pass")]),
        ("for a in b:\n    continue", [("continue", "break")]),
        ("a = 'é', 1", [("1", "2")]),
    ],
)
def test_each_kind_of_change_is_made(source: str, expected: list[tuple[str, str]]) -> None:
    """A change is of what stands there, byte for byte, and the module with it is still Python."""
    assert changes(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""A text."""',
        "a = 'b' + c",
        "from a import b",
        "__all__ = ['a', 1]",
        "a: Literal[1]",
        "def a(b: 1) -> 2: ...",
        "@a(1)\ndef b(): ...",
        "@overload\ndef a(b=1): ...",
        "if TYPE_CHECKING:\n    a = 1",
        "def a():\n    return None",
    ],
)
def test_what_does_nothing_when_it_runs_is_left_alone(source: str) -> None:
    """Such a change could not be noticed, or only by a type checker."""
    assert changes(source) == []


def test_a_mutant_is_of_one_text() -> None:
    """Applied to another text than it was made from it would change something else; it is refused."""
    (mutant, _) = mutants_of(MODULE, b"a = b * 2")

    assert mutant.apply(b"a = b * 2") == b"a = (b + 2)"
    with pytest.raises(ValueError, match="does not read 'b \\* 2'"):
        mutant.apply(b"ab = b * 2")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A small repository: a package, of which one module can be changed, and its test."""
    files = {
        "sdk/src/store_credit/__init__.py": "",
        "mock/src/store_credit_mock/__init__.py": "",
        MODULE: SOURCE,
        "tests/test_doubled.py": PASSES,
        "pyproject.toml": "[tool.pytest]\naddopts = ['--import-mode=importlib']\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def no_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mock's plugin of pytest would import a mock that is not there."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(
        "store_credit_tools.mutate.trials.PYTEST", ("-x", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider")
    )


def mutant_to(after: str) -> Mutant:
    """The module of the small repository with something else instead of `number * 2`."""
    start = SOURCE.index("number * 2")
    return Mutant(MODULE, 2, 2, start, start + len("number * 2"), "number * 2", after)


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ("number * 3", Outcome.KILLED),
        ("number + number", Outcome.SURVIVED),
        ("[number for _ in iter(int, 1)]", Outcome.TIMED_OUT),
    ],
)
def test_a_mutant_is_tried_and_taken_back(copy: Path, after: str, outcome: Outcome) -> None:
    """Whatever becomes of it, the module reads as before; one without an end is ended."""
    trials = Trials(copy, 0.1 if outcome is Outcome.TIMED_OUT else 60)

    assert trials.judge(mutant_to(after), ["tests/test_doubled.py::test_doubled"]).outcome is outcome
    assert (copy / MODULE).read_text("utf-8") == SOURCE


def test_a_mutant_is_taken_back_after_an_interrupt(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C leaves no mutant in the copy."""
    trials = Trials(copy, 60)

    def interrupted(*_: object) -> tuple[int | None, str]:
        assert "number * 3" in (copy / MODULE).read_text("utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(trials, "_pytest", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trials.judge(mutant_to("number * 3"), ["tests"])
    assert (copy / MODULE).read_text("utf-8") == SOURCE


@pytest.mark.takes_seconds
def test_a_test_that_fails_anyway_kills_nothing(copy: Path) -> None:
    """It is left out, and the others judge."""
    failing = PASSES.replace("test_doubled", "test_anyway").replace("== 6", "== 7")
    (copy / "tests" / "test_anyway.py").write_text(failing, "utf-8")
    trials = Trials(copy, 60)

    assert trials.judge(mutant_to("number + number"), ["tests"]).outcome is Outcome.SURVIVED
    assert trials.judge(mutant_to("number * 3"), ["tests"]).outcome is Outcome.KILLED


def test_a_test_whose_name_has_spaces_kills(copy: Path) -> None:
    """The id of a parameter is whole when the test is tried without the mutant."""
    (copy / "tests" / "test_doubled.py").write_text(
        "import pytest\nfrom store_credit.doubled import doubled\n\n\n"
        "@pytest.mark.parametrize('text', ['three of them'])\n"
        "def test_doubled(text):\n    assert doubled(3) == 6, 'not - doubled'\n",
        "utf-8",
    )

    assert Trials(copy, 60).judge(mutant_to("number * 3"), ["tests"]).outcome is Outcome.KILLED


def test_a_mutant_that_no_test_runs_is_told_apart(copy: Path) -> None:
    """It is not called a survivor of tests that had no chance."""
    assert Trials(copy, 60).judge(mutant_to("number * 3"), []).outcome is Outcome.NOT_RUN


def test_the_code_of_the_copy_is_what_is_tried(copy: Path) -> None:
    """An editable install in its place would let every mutant survive, which would look like missing tests."""
    (copy / "sdk" / "src" / "store_credit" / "__init__.py").unlink()
    (copy / MODULE).unlink()
    (copy / MODULE.parent).rmdir()

    with pytest.raises(TrialError, match="is imported but"):
        Trials(copy, 60)


def test_the_copy_is_of_this_checkout_and_goes_again(tracked: list[Path]) -> None:
    """What is tracked is there, with the sources as they are now; the checkout is only read."""
    before = subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT)
    with copied(ROOT) as folder:
        for name in ("pyproject.toml", "tests/conftest.py", "sdk/src/store_credit/_core/version.py"):
            assert ROOT / name in tracked
            assert (folder / name).read_bytes() == (ROOT / name).read_bytes()

    assert not folder.exists()
    assert subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT) == before


def test_the_tests_that_run_a_line_are_found(copy: Path) -> None:
    """Coverage's contexts become ids for pytest; a line that was not reached has none, one run on import tells so."""
    command = [sys.executable, "-m", "coverage", "run", "--rcfile=rc", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    (copy / "rc").write_text("[run]\ndynamic_context = test_function\nsource = sdk\n", "utf-8")
    (copy / "conftest.py").write_text("import sys\nsys.path.insert(0, 'sdk/src')\n", "utf-8")
    (copy / MODULE).write_text(SOURCE + "\n\ndef other() -> int:\n    return 1\n", "utf-8")
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    reach = Reach(copy)

    assert reach.tests(mutant_to("number * 3")) == ["tests/test_doubled.py::test_doubled"]
    assert reach.tests(mutant_to("number * 3")._replace(line=1, last=1)) is None
    assert reach.tests(mutant_to("number * 3")._replace(line=6, last=6)) == []


def test_lines_that_have_moved_are_not_trusted(copy: Path) -> None:
    """A module that is newer than the count of its lines is refused, and so is a checkout without any."""
    with pytest.raises(TrialError, match="run scripts/test --coverage first"):
        Reach(copy)


def test_the_page_shows_a_change_in_a_table() -> None:
    """Signs that mean something in a Markdown table do not break it."""
    mutant = Mutant(MODULE, 2, 3, 0, 9, "a |\n    `b`", "(not a)")
    text = page("scripts/mutate", "abc1234", 60, {"sdk": 9}, {"sdk": [Trial(mutant, Outcome.SURVIVED, 4, 1.5)]})

    assert "| `sdk` | 9 | 1 | 0 | 1 | 0 | 0 |" in text
    assert f"| `{MODULE}:2` | `a \\| 'b'` to `(not a)` | survived | 4 |" in text
    assert text.endswith("## Killed\n\nNone.\n")
