"""The sandbox that answers the samples: always the same, holding what their requests name.

It is that of `store-credit-mock serve --samples`. Each sample gets a fresh one, so that what a page shows does not
depend on the others. The same state can be given to a running mock (`Control.restore`), which then responds with the
same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from store_credit_mock import Engine, Options, Request, Response
from store_credit_mock.contract import Contract
from store_credit_mock.control import Control
from store_credit_mock.systems.spree_v3.webhook_deliveries import OUTBOX as SPREE_OUTBOX
from store_credit_mock.systems.vinr.webhook_deliveries import OUTBOX as VINR_OUTBOX
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.requests import LATER, SampleRequest

__all__ = ["SEED", "SampleSandbox", "shared_contract"]

SEED: Final = "1"
"""The seed of the sandbox; a mock started with `--seed` and this answers the samples alike."""

_CONTROL_TOKEN: Final = "STORE_CREDIT_MOCK_CONTROL_TOKEN"  # noqa: S105 - the name of a variable


class SampleSandbox:
    """A seeded sandbox in this process.

    Args:
        requests: The samples' requests by operationId.
        version: The version of Spree's API v3 that it plays for all of them; without one, the mock's usual one, and
            `LATER` for operations that this one lacks.

    Attributes:
        environment: The variables that samples read their credentials from.
    """

    def __init__(self, requests: Mapping[str, SampleRequest], version: str = "") -> None:
        self._requests = requests
        self._version = version
        self._engine = Engine(shared_contract(), options=_options(spree_v3_profile=version) if version else _options())
        self._control = Control.inside(self._engine.control)
        self.environment = {_CONTROL_TOKEN: self._engine.control.token}
        for system in self._engine.systems.values():
            self.environment.update(system.environment("", self._engine.sandbox))
        self._base = self._control.snapshot()

    @cached_property
    def _later(self) -> dict[str, Any]:
        return _later()

    def state(self, operation: str = "") -> dict[str, Any]:
        """What the sandbox holds when an operation's sample is about to run, for `Control.restore`.

        It is the same for all but those of a later version. Without an operation: what it holds for the others.
        """
        is_later = not self._version and operation in self._requests and self._requests[operation].later
        return self._later if is_later else self._base

    def answer(self, request: SampleRequest) -> Response:
        """The mock's response to a sample.

        Raises:
            SampleError: The mock refuses it, or either side breaks the OpenAPI document.
        """
        self._control.restore(self.state(request.operation))
        return self._ask(request)

    def event(self, requests: Sequence[SampleRequest]) -> bytes:
        """The body of the event that the last of some requests makes the mock deliver.

        Raises:
            SampleError: A request is refused, or not exactly one event is to be delivered.
        """
        self._control.restore(self._base)
        # What the sandbox holds is older than what the requests make: of two credits of one age chance spends one.
        self._control.advance(1)
        for request in requests:
            answer = self.send(request)
            if answer.status >= 300:
                raise SampleError(f"{request.title}: the mock refuses it: {answer.body.decode()}")
        bodies: list[bytes] = []
        for outbox in (VINR_OUTBOX, SPREE_OUTBOX):
            outbox.deliver(self._engine, lambda delivery: bodies.append(delivery.body) or 200)
        if len(bodies) != 1:
            raise SampleError(f"{requests[-1].title}: {len(bodies)} events are delivered, and a sample shows one")
        return bodies[0]

    def prepare(self, requests: Sequence[SampleRequest]) -> None:
        """Make requests before every sample: what they leave behind, each of the samples finds."""
        for request in requests:
            response = self.send(request)
            if response.status >= 300:
                raise SampleError(f"{request.method} {request.path}: the mock refuses it: {response.body.decode()}")
        self._base = self._control.snapshot()

    def _ask(self, request: SampleRequest) -> Response:
        response = self.send(request)
        exchange = self._engine.exchanges[-1]
        if response.status >= 300 or exchange.violations:
            raise SampleError(
                f"{request.operation}: the mock does not take the sample that the document's examples make. Let the"
                " examples, or `x-sample-values`, name what a sandbox with samples holds, or add what they need to"
                f" SAMPLES of its system in mock/src/store_credit_mock/systems.\n{exchange}"
            )
        return response

    def reset(self) -> None:
        """Begin anew: with what the sandbox held first, and without faults and exchanges."""
        # Faster than `Control.reset`, which fills carts and completes orders anew.
        self._control.restore(self._base)
        self._control.clear_faults()
        if len(self._engine.exchanges):
            self._control.clear_exchanges()

    def send(self, request: SampleRequest) -> Response:
        """The mock's response to a request in the sandbox as it is; it may be a refusal."""
        headers = {"Host": urlsplit(request.server).netloc} | {
            header.name: header.text + (self.environment[header.secret] if header.secret else "")
            for header in request.headers
        }
        target = f"{request.path}?{urlencode(request.query)}" if request.query else request.path
        return self._engine.handle(Request.build(request.method, target, headers, request.content))

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()


@cache
def shared_contract() -> Contract:
    """The document as all sandboxes check it; to compile it takes longer than to play the samples."""
    return Contract()


def _options(**others: Any) -> Options:
    return Options(seed=SEED, samples=True, **others)


def _later() -> dict[str, Any]:
    """What the sandbox holds in `LATER`."""
    engine = Engine(shared_contract(), options=_options(spree_v3_profile=LATER))
    try:
        snapshot = Control.inside(engine.control).snapshot()
    finally:
        engine.close()
    # A mock that is started with another version plays this one for as long as it holds the snapshot.
    snapshot["sandbox"]["settings"]["spree_v3.profile"] = LATER
    return snapshot
