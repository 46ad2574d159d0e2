"""The picture of the README: the mock's inspector in Chromium, after a few requests that are worth looking at."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import httpx

from store_credit import NotFoundError, VinrClient
from store_credit_mock import Server
from store_credit_tools.node import BROWSER, NodeUnavailableError, program

__all__ = ["LIMIT", "PictureError", "take_picture"]

LIMIT: Final = 80_000
"""Bytes that the picture may have at most, since it is committed."""

_WIDTH, _HEIGHT = 1080, 464
_PATIENCE_SECONDS: Final = 120


class PictureError(Exception):
    """The picture could not be taken; the text says why, and what to do."""


def take_picture(file: Path) -> int:
    """Take it, and return how many bytes it has.

    Raises:
        PictureError: There is no Chromium or Node, or the picture would be too large; then the file is as it was.
    """
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        raise PictureError("there is no Chromium on this machine; install it")
    made = file.with_suffix(".new.png")
    with Server(seed=7, environment=False) as server:
        _use(server)
        ticket = server.engine.control.sessions.ticket()
        settings = {
            "chromium": browser,
            # Root has no user namespace of its own to lock the browser into.
            "arguments": ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [],
            "address": f"{server.url}/_mock/ui?ticket={ticket}",
            "opened": "400",
            "file": str(made.absolute()),
            "width": _WIDTH,
            "height": _HEIGHT,
        }
        try:
            command = [*program(BROWSER, "picture.mjs"), json.dumps(settings)]
            subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=_PATIENCE_SECONDS
            )
        except NodeUnavailableError as error:
            raise PictureError(str(error)) from error
        except subprocess.CalledProcessError as error:
            raise PictureError(error.stderr) from error
    size = made.stat().st_size
    if size > LIMIT:
        made.unlink()
        raise PictureError(f"it would have {size:,} bytes, and {LIMIT:,} is the limit; show less of the page")
    made.replace(file)
    return size


def _use(server: Server) -> None:
    """Issue credit, lose a response, look for what is not there, and send what the document does not allow."""
    key = "sk_test_picture"
    with VinrClient(api_key=key, base_url=server.url) as vinr:
        vinr.store_credit.create(customer="cust_8aZ2", amount=2500, currency="USD")
        server.fault("vinr.store_credit.create", nth=1, drop=True, when="after")
        vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD", idempotency_key="refund-1001")
        with contextlib.suppress(NotFoundError):
            vinr.store_credit.retrieve("sc_unknown")
    body = {"customer": "cust_8aZ2", "amount": "10.00", "currency": "usd", "note": "goodwill"}
    httpx.post(f"{server.url}/v1/store-credit", json=body, headers={"X-Api-Key": key}, trust_env=False)
