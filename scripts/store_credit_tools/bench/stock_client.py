"""The client that the generator makes of our document with its own templates: what the SDK would be without ours."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from store_credit_tools.bench.processes import BenchmarkError

__all__ = ["PACKAGE", "stock_client"]

PACKAGE = "stock_client"
DOCUMENT = Path(__file__).resolve().parents[3] / "openapi.yaml"


@contextmanager
def stock_client() -> Generator[str]:
    """A temporary folder with the package `stock_client` in it.

    Raises:
        BenchmarkError: The generator failed.
    """
    with tempfile.TemporaryDirectory(prefix="store-credit-bench-") as folder:
        settings = Path(folder) / "settings.yaml"
        settings.write_text("post_hooks: []\n", "utf-8")
        output = Path(folder) / PACKAGE
        program = "from openapi_python_client.cli import app; app()"
        options = ["--path", DOCUMENT, "--meta", "none", "--output-path", output, "--config", settings]
        done = subprocess.run(
            [sys.executable, "-I", "-c", program, "generate", *map(str, options)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BenchmarkError(f"generating the stock client failed:\n{done.stdout}\n{done.stderr}")
        yield folder
