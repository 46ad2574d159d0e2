"""What an integrator gets: the wheel, installed where nothing else is, holds all it needs and runs the README."""

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from bootstrap import ROOT
from store_credit_tools.readme_samples import samples

SDK = ROOT / "sdk"
# scripts/test keeps the files of requirements/sdk.txt here, so that an install needs no network.
WHEELS = Path(sys.prefix) / "wheels"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not WHEELS.is_dir(), reason="the wheels of the dependencies are kept by scripts/test only"),
]


def build(output: Path, *options: str) -> Path:
    """Build with the tools already installed and give the wheel."""
    command = [sys.executable, "-m", "build", "--no-isolation", *options, "--outdir", output, SDK]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = output.glob("*.whl")
    return wheel


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it would be released: from the source distribution, not from the checkout."""
    return build(tmp_path_factory.mktemp("released"))


class Integrator:
    """An environment with the wheel and its declared dependencies, made without a network and without our settings."""

    def __init__(self, folder: Path, requirement: str, **settings: str) -> None:
        self.settings = settings
        self.python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.folder = folder
        # A pip of its own would take longer than all that is installed.
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        self.pip("install", "--quiet", "--no-index", "--find-links", str(WHEELS), requirement)

    def pip(self, *arguments: str) -> None:
        """Run this environment's pip on the other."""
        self._done(sys.executable, "-m", "pip", "--python", str(self.python), *arguments)

    def run(self, *arguments: str, **environment: str) -> str:
        """Run the environment's Python and give what it printed; fail with what it said otherwise."""
        return self._done(str(self.python), *arguments, **environment)

    def _done(self, *command: str, **environment: str) -> str:
        # Neither this machine's pip settings nor its secrets: whoever installs the package has others.
        foreign = ("PIP_", "PYTHON", "VIRTUAL_", "STORE_CREDIT_")
        ours = {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | self.settings
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**ours, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module", params=["plain", "fast,httpx2"])
def integrator(request: pytest.FixtureRequest, released: Path, tmp_path_factory: pytest.TempPathFactory) -> Integrator:
    """An integrator without an extra, and one with both, who uses the second HTTP library."""
    extra = "" if request.param == "plain" else f"[{request.param}]"
    settings = {"STORE_CREDIT_BACKEND": "httpx2"} if extra else {}
    return Integrator(tmp_path_factory.mktemp(request.param) / "env", f"{released}{extra}", **settings)


def test_source_distribution_and_checkout_give_the_same_wheel(released: Path, tmp_path: Path) -> None:
    """Whoever builds from either gets the same files."""
    assert contents(build(tmp_path, "--wheel")) == contents(released)


def test_the_wheel_holds_the_document_the_types_the_licence_and_the_readme(released: Path) -> None:
    """The document in the package is the one at the root, and nothing but the package is installed."""
    files = contents(released)

    assert files["store_credit/openapi.yaml"] == (ROOT / "openapi.yaml").read_bytes()
    assert "store_credit/py.typed" in files
    assert [name for name in files if name.endswith("licenses/LICENSE")]
    (metadata,) = [text for name, text in files.items() if name.endswith("/METADATA")]
    assert (SDK / "README.md").read_bytes() in metadata
    assert {name.split("/")[0].split("-")[0] for name in files} == {"store_credit"}


def test_the_wheel_holds_every_module_of_the_checkout(released: Path) -> None:
    """No module is left behind, and none comes along that git does not know."""
    source = SDK / "src"
    listed = subprocess.run(["git", "-C", source, "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so there is no list of tracked files")
    tracked = {name for name in listed.stdout.split("\0") if name and (source / name).exists()}

    assert {name for name in contents(released) if ".dist-info/" not in name} == tracked | {"store_credit/openapi.yaml"}


def test_the_source_distribution_holds_what_a_build_needs_and_no_more(released: Path) -> None:
    """Sources, the document, the licence and the README."""
    (archive,) = released.parent.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        top = {Path(name).parts[1] for name in opened.getnames()}

    expected = {
        "src",
        "openapi.yaml",
        "LICENSE",
        "README.md",
        "hatch_build.py",
        "pyproject.toml",
        "PKG-INFO",
        ".gitignore",
    }
    assert top == expected


def test_the_extras_are_optional(released: Path) -> None:
    """msgspec and the second HTTP library are asked for by their extras only."""
    (metadata,) = [name for name in contents(released) if name.endswith(".dist-info/METADATA")]
    path = zipfile.Path(released, metadata.rpartition("/")[0] + "/")
    required = [Requirement(line) for line in PathDistribution(path).requires or []]  # type: ignore[arg-type]

    always = {requirement.name for requirement in required if requirement.marker is None}
    assert always == {"attrs", "httpx", "iso4217", "sqids"}
    extras = {requirement.name for requirement in required if requirement.marker is not None}
    assert extras == {"httpx2", "msgspec", "store-credit-jobs"}


def document_answers() -> list[dict[str, Any]]:
    """Every operation's successful answer with all its examples."""
    # The environment of the lowest versions has no mock, and deselects this.
    from store_credit_mock.contract import Document
    from store_credit_mock.contract.document import join

    document = Document.read()
    prepared: list[dict[str, Any]] = []
    for operation in document.operations.values():
        status = min(code for code in operation.definition["responses"] if code.startswith("2"))
        place, response = document.resolve(join(operation.pointer, "responses", status))
        media_type = next(iter(response.get("content", {})), None)
        examples: dict[str, Any] = {"": None}
        headers: dict[str, str] = {}
        if media_type is not None:
            headers["Content-Type"] = media_type
            shown = join(place, "content", media_type, "examples")
            examples = {name: document.resolve(join(shown, name))[1]["value"] for name in document.at(shown)}
        for name in response.get("headers", {}):
            header = document.resolve(join(place, "headers", name))[1]
            if header.get("required"):
                headers[name] = str(header["example"])
        prepared.append(
            {
                "method": operation.method,
                "path": re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(operation.template)),
                "status": int(status),
                "headers": headers,
                "bodies": examples,
            }
        )
    return prepared


def test_whoever_installs_it_can_use_it(integrator: Integrator, tmp_path: Path, subtests: pytest.Subtests) -> None:
    """With the declared dependencies alone: they fit each other and the document is found.

    One test for each environment, since making one takes longer than all that is tried in it.
    """
    with subtests.test("every public name can be imported"):
        integrator.pip("check")
        integrator.run("-W", "error", "-c", "from store_credit import *")
    with subtests.test("the document can be read through importlib.resources, whole"):
        read = (
            "from importlib.resources import files; print(len((files('store_credit') / 'openapi.yaml').read_bytes()))"
        )
        assert int(integrator.run("-c", read)) == (ROOT / "openapi.yaml").stat().st_size
    for readme in (SDK / "README.md", ROOT / "README.md"):
        with subtests.test("every sample runs as it stands", readme=str(readme)):
            run_samples(integrator, tmp_path / "plan.json", readme)


def run_samples(integrator: Integrator, plan: Path, readme: Path) -> None:
    """Run every sample of a README where only the package is installed."""
    found = samples(readme)
    plan.write_text(json.dumps({"samples": [one._asdict() for one in found], "answers": document_answers()}), "utf-8")
    settings = {
        "VINR_SECRET_KEY": "sk_test_readme",
        "VINR_WEBHOOK_SECRET": "whsec_readme",
        "SPREE_URL": "https://shop.example",
        "SPREE_TOKEN": "readme-token",
        "SPREE_CUSTOMER_TOKEN": "readme-customer-token",
        "SPREE_ADMIN_KEY": "sk_readme",
        "SPREE_PUBLISHABLE_KEY": "pk_readme",
    }
    said = integrator.run("-W", "error", str(Path(__file__).with_name("readme_samples.py")), str(plan), **settings)

    assert any(one.reason is None for one in found)
    assert [one.line for one in found if f"line {one.line}: " not in said] == []
