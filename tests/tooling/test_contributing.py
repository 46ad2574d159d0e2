"""CONTRIBUTING is followed word for word, on a copy: each section ends with everything green.

A section is read: its steps say in which files something is changed, and which commands are run. What is changed
there is here, by file; a step that names no file with a change, or a change that no step asks for, fails.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bootstrap import ROOT

from .toy_additions import TOY_PATH, TOY_SAMPLE, TOY_SCHEMA, TOY_SCHEME, TOY_SYSTEM

pytestmark = [pytest.mark.slow, pytest.mark.toolchain, pytest.mark.timeout(1200)]

SECTION = re.compile(r"^## How to add (?P<what>[^\n]+)\n(?P<text>.*?)(?=^## )", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"scripts/(check|generate|docs|test .*tests/)")
STEP = re.compile(r"^\d+\. (.*?)(?=^\d+\. |\Z)", re.DOTALL | re.MULTILINE)
UNQUICK = "not slow and not takes_seconds and not toolchain"
SYSTEMS = "mock/src/store_credit_mock/systems"

Edit = Callable[[str], str]


@dataclass(frozen=True)
class Checkout:
    """A copy of the repository, whose scripts and tests run in the environment of this one."""

    folder: Path

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as the text has it."""
        name, *arguments = command.split()
        line = [sys.executable, str(self.folder / name), *arguments]
        if name == "scripts/test":
            paths = [one for one in arguments if not one.startswith("-")]
            line = [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "--maxfail=20",
                "-n",
                "0",
                "-p",
                "no:cacheprovider",
                "-m",
                UNQUICK,
                *paths,
            ]
        packages = ("sdk/src", "mock/src", "scripts")
        return subprocess.run(
            line,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(str(self.folder / one) for one in packages)},
            capture_output=True,
            text=True,
            check=False,
        )

    def edit(self, name: str, edit: Edit) -> None:
        """Change a file, or write it."""
        path = self.folder / name
        text = path.read_text("utf-8") if path.exists() else ""
        changed = edit(text)
        assert changed != text, name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed, "utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Every file that git knows, and no environment: the scripts are told that they are in one."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    folder = tmp_path / "checkout"
    for name in filter(None, listed.decode().split("\0")):
        target = folder / name
        if (ROOT / name).is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to((ROOT / name).readlink())
        elif (ROOT / name).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    for package in ("mock/src/store_credit_mock", "sdk/src/store_credit"):  # As the installation links it.
        (folder / package / "openapi.yaml").symlink_to("../../../openapi.yaml")
    script = folder / "scripts" / "bootstrap.py"
    script.write_text(script.read_text("utf-8") + "\n\ndef enter(*_locks, **_options):\n    pass\n", "utf-8")
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=folder, capture_output=True, check=True)
    return Checkout(folder)


def put(old: str, new: str, count: int = 1) -> Edit:
    """Put one text in the place of another, which is there."""

    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, count)

    return edit


def both(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(text: str) -> str:
        for one in edits:
            text = one(text)
        return text

    return edit


def copied(text: str) -> str:
    """The operation that retrieves a VINR credit, copied whole as another one of a path of its own."""
    start = text.index("  /v1/store-credit/{id}:\n")
    end = text.index("\n  # ==== ", start)
    item = text[start:end]
    head, get = item[: item.index("    get:\n")], item[item.index("    get:\n") : item.index("    post:\n")]
    head = re.sub(r"    x-aliases:\n(?:      .*\n)+", "", head).replace("{id}:", "{id}/summary:", 1)
    get = re.sub(r"summary: .*", "summary: Summarize store credit", get, count=1)
    get = get.replace("vinr.store_credit.retrieve", "vinr.store_credit.summarize")
    return text[:end] + "\n" + head + get.rstrip() + "\n" + text[end:]


def sample(name: str) -> Edit:
    """The sample of a neighbour, for the new operation."""
    text = (ROOT / "docs" / "samples" / "vinr" / "store_credit" / name).read_text("utf-8")
    return lambda _: text.replace(".retrieve(", ".summarize(")


CHANGES: Mapping[str, Mapping[str, Mapping[str, Edit]]] = {
    "a field": {
        "openapi.yaml": {
            "openapi.yaml": both(
                put(
                    "        balance_remaining:\n",
                    "        livemode:\n          type: boolean\n          description: Whether it is worth money.\n"
                    "          example: false\n        balance_remaining:\n",
                ),
                put("balance_remaining: 1000,", "livemode: false, balance_remaining: 1000,"),
            )
        },
        f"{SYSTEMS}/<system>/": {
            f"{SYSTEMS}/vinr/store_credits.py": put(
                '        "balance_remaining": row[4],\n',
                '        "livemode": False,\n        "balance_remaining": row[4],\n',
            )
        },
    },
    "an operation": {
        "openapi.yaml": {"openapi.yaml": copied},
        f"{SYSTEMS}/<system>/operations.py": {
            f"{SYSTEMS}/vinr/operations.py": put(
                '    "vinr.store_credit.list": list_,\n',
                '    "vinr.store_credit.summarize": retrieve,\n    "vinr.store_credit.list": list_,\n',
            )
        },
        "docs/samples/<system>/<resource>/": {
            "docs/samples/vinr/store_credit/summarize.py": sample("retrieve.py"),
            "docs/samples/vinr/store_credit/summarize_async.py": sample("retrieve_async.py"),
        },
    },
    "a value of an open enumeration": {
        "openapi.yaml": {
            "openapi.yaml": both(
                # Each member whose description shares the list.
                put("[checkout, pending, processing,", "[checkout, pending, disputed, processing,", 4),
                put("    - `processing`:", "    - `disputed`: the shopper disputes it\n    - `processing`:"),
            )
        },
        "scripts/store_credit_tools/check/full.py": {
            "scripts/store_credit_tools/check/full.py": put(
                '    "resumed": ',
                '    "disputed": "read from Spree\'s code; the mock has no disputes",\n    "resumed": ',
            )
        },
    },
    "an error code": {
        "openapi.yaml": {
            "openapi.yaml": both(
                put(
                    "x-extensible-enum: [parameter_missing, parameter_invalid,",
                    "x-extensible-enum: [parameter_missing, currency_mismatch, parameter_invalid,",
                ),
                put(
                    "            parameter_invalid:\n              cause",
                    "            currency_mismatch:\n              cause: The account does not have this currency.\n"
                    "              remedy: Use a currency of the account.\n              x-ours: true\n"
                    "            parameter_invalid:\n              cause",
                ),
                put(
                    "            parameter_invalid:\n              $ref",
                    "            currency_mismatch:\n"
                    '              $ref: "#/components/examples/VinrErrorCurrencyMismatch"\n'
                    "            parameter_invalid:\n              $ref",
                ),
                lambda text: re.sub(
                    r"(?ms)^    VinrErrorParameterInvalid:\n.*?(?=^    \w+:\n)",
                    lambda found: (
                        found[0]
                        .replace("ParameterInvalid", "CurrencyMismatch")
                        .replace("parameter_invalid", "currency_mismatch")
                        + found[0]
                    ),
                    text,
                    count=1,
                ),
            )
        },
        f"{SYSTEMS}/vinr/errors.py": {
            f"{SYSTEMS}/vinr/errors.py": put(
                '    "parameter_invalid": ',
                '    "currency_mismatch": (400, "validation_error"),\n    "parameter_invalid": ',
            )
        },
    },
    "a decision": {
        "docs/decisions.yaml": {
            "docs/decisions.yaml": put(
                "# Spree\n\nD1:",
                "V63:\n  question: Has a credit a name?\n  decision: No.\n  reason: None is shown.\n  status: holds\n\n"
                "# Spree\n\nD1:",
            )
        },
        "openapi.yaml": {
            "openapi.yaml": both(
                put("`V1` to `V62` are about VINR", "`V1` to `V63` are about VINR"),
                put('"decided: V4", ', '"decided: V4", "decided: V63", '),
            )
        },
    },
    "a system": {
        "openapi.yaml": {
            "openapi.yaml": both(
                put("x-systems:\n", "x-systems:\n  toy:\n    title: Toy\n    description: Points on a card.\n"),
                put(
                    "\nx-tagGroups:\n",
                    "  - name: toy.points\n    x-displayName: Points\n    description: The points of a card.\n"
                    "\nx-tagGroups:\n  - name: Toy\n    tags: [toy.points]\n",
                ),
                put("\nwebhooks:\n", TOY_PATH + "\nwebhooks:\n"),
                put("  securitySchemes:\n", TOY_SCHEME),
                put("\n  schemas:\n", TOY_SCHEMA),
            )
        },
        f"{SYSTEMS}/<system>/": {
            f"{SYSTEMS}/toy/__init__.py": lambda _: '"""Toy, which is points on a card."""\n',
            f"{SYSTEMS}/toy/system.py": lambda _: TOY_SYSTEM,
        },
        "mock/src/store_credit_mock/factory.py": {
            "mock/src/store_credit_mock/factory.py": both(
                put("return [Vinr(), ", "return [Vinr(), Toy(), "),
                put(
                    "from store_credit_mock.systems.vinr import Vinr\n",
                    "from store_credit_mock.systems.toy.system import Toy\n"
                    "from store_credit_mock.systems.vinr import Vinr\n",
                ),
            )
        },
        "docs/samples/<system>/<resource>/": {
            "docs/samples/toy/points/list.py": lambda _: TOY_SAMPLE,
            "docs/samples/toy/points/list_async.py": lambda _: TOY_SAMPLE,
        },
        "docs/guides/authentication.md": {
            "docs/guides/authentication.md": put(
                '{{ schemes("spree") }}\n', '{{ schemes("spree") }}\n\n{{ schemes("toy") }}\n'
            )
        },
        "scripts/store_credit_tools/docs_site/sampling/requests.py": {
            "scripts/store_credit_tools/docs_site/sampling/requests.py": both(
                put("ADDRESSES: Final = {", 'ADDRESSES: Final = {"toy": "TOY_URL", '),
                put("CREDENTIALS: Final = {\n", 'CREDENTIALS: Final = {\n    "toyKey": "TOY_KEY",\n'),
            ),
        },
    },
}
"""By section, by the file or folder that its text names: what is changed in which files."""


def sections() -> Iterator[tuple[str, str]]:
    """What each section adds, and its text."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for found in SECTION.finditer(text):
        yield found["what"], found["text"]


def test_each_thing_has_a_section_and_is_followed() -> None:
    """Short, in steps; and no change here is one that no section asks for."""
    known = dict(sections())

    assert {"a route to the control plane", *CHANGES} == known.keys()
    for what, text in known.items():
        assert len([line for line in text.splitlines() if line.strip()]) < 12, what
    for what, changes in CHANGES.items():
        words = re.findall(r"`([^`]+)`", known[what])
        assert [name for name in changes if name not in words] == []


@pytest.mark.parametrize(
    "together", [["a system"], [one for one in CHANGES if one != "a system"]], ids=["a system", "to a system"]
)
def test_following_it_ends_green(together: list[str], checkout: Checkout) -> None:
    """What goes into a system in one copy, since its tests take minutes: every change, then each command, which ends
    with 0."""
    commands: dict[str, None] = {}
    for what, text in sections():
        if what not in together:
            continue
        changes = dict(CHANGES[what])
        for step in STEP.findall(text):
            for word in re.findall(r"`([^`]+)`", step):
                for name, edit in changes.pop(word, {}).items():
                    checkout.edit(name, edit)
                if COMMAND.match(word) and not word.endswith((".py", "/")):
                    commands[word] = None
        assert changes == {}, what
    scripts = [command for command in commands if not command.startswith("scripts/test")]
    assert scripts
    tests = {word for command in commands if command.startswith("scripts/test") for word in command.split()[1:]}
    for command in (*scripts, *([" ".join(["scripts/test", *sorted(tests)])] if tests else [])):
        done = checkout.run(command)
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
