"""The samples of every operation and every webhook, by operationId."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from store_credit_mock.contract import Document, OperationDefinition
from store_credit_mock.factory import default_systems
from store_credit_tools.docs_site.sample_sets import SampleSet, VersionSample
from store_credit_tools.docs_site.sampling.curl import curl_command
from store_credit_tools.docs_site.sampling.go import go_program
from store_credit_tools.docs_site.sampling.java import java_program
from store_credit_tools.docs_site.sampling.javascript import fetch_module
from store_credit_tools.docs_site.sampling.php import php_program
from store_credit_tools.docs_site.sampling.python import PROGRAMS, program, program_path
from store_credit_tools.docs_site.sampling.requests import SampleRequest, sample_request
from store_credit_tools.docs_site.sampling.ruby import ruby_program
from store_credit_tools.docs_site.sampling.sandbox import SampleSandbox
from store_credit_tools.docs_site.sampling.versions import version_responses
from store_credit_tools.docs_site.sampling.webhooks import event_commands, event_requests

__all__ = ["indented", "sample_requests", "samples_for", "version_samples", "without_handlers"]


def samples_for(document: Document, programs: Path = PROGRAMS) -> Mapping[str, Sequence[SampleSet]]:
    """Make the samples of every operation that the mock has a handler for, and of every webhook.

    Those of a webhook are its receiver in Python (`python_async` and `fetch` are empty), the commands that make a
    running mock send the event, the event as the mock sends it as `response`, and the receiver's `status`.

    Args:
        document: The document; its examples make the requests, the mock of this repository answers them.
        programs: Where the Python samples are.

    Raises:
        DocumentError: An example that a sample needs is missing.
        SampleError: A Python sample is missing, or the mock refuses a request.
    """
    requests = sample_requests(document)
    with closing(SampleSandbox(requests)) as sandbox:
        made = {name: [_sample_set(request, sandbox, programs)] for name, request in requests.items()}
        for webhook in document.webhooks.values():
            made[webhook.id] = [_webhook_set(webhook, requests, sandbox, programs)]
    return made


def version_samples(document: Document) -> Mapping[str, Mapping[str, VersionSample]]:
    """What each version of Spree's API v3 responds to the samples of the operations it has, by version and operationId.

    Raises:
        DocumentError: An example that a sample needs is missing.
        SampleError: The mock refuses a request.
    """
    return {
        version: {
            name: VersionSample(
                ids=one.ids,
                response=indented(one.response.body) if one.response and one.response.body else "",
            )
            for name, one in responses.items()
        }
        for version, responses in version_responses(document, sample_requests(document)).items()
    }


def sample_requests(document: Document) -> Mapping[str, SampleRequest]:
    """The request that the samples of each operation make, but of those that the mock has no handler for.

    Raises:
        DocumentError: An example that a sample needs is missing.
    """
    unhandled = without_handlers(document)
    return {
        name: sample_request(document, operation)
        for name, operation in document.operations.items()
        if name not in unhandled
    }


def without_handlers(document: Document) -> Mapping[str, str]:
    """The operations that the mock has no handler for, and a sentence on each: they have no samples."""
    handled = {name for system in default_systems() for name in system.operations}
    return {
        name: (
            f"{document.place(operation.pointer)}: the mock has no handler for {name}, so that its page has no samples."
            " Write one in mock/src/store_credit_mock/systems (CONTRIBUTING.md, How to add an operation)"
        )
        for name, operation in document.operations.items()
        if name not in handled
    }


def _sample_set(request: SampleRequest, sandbox: SampleSandbox, programs: Path) -> SampleSet:
    blocking = program_path(request.operation, folder=programs)
    awaited = program_path(request.operation, awaited=True, folder=programs)
    answer = sandbox.answer(request)
    return SampleSet(
        operation=request.operation,
        title=request.title,
        curl=curl_command(request),
        python=program(blocking, f"{request.operation} with the SDK's client"),
        python_async=program(awaited, f"{request.operation} with the SDK's async client"),
        fetch=fetch_module(request),
        ruby=ruby_program(request),
        php=php_program(request),
        go=go_program(request),
        java=java_program(request),
        status=answer.status,
        response=indented(answer.body) if answer.body else "",
        response_media_type=(answer.header("content-type") or "").partition(";")[0] if answer.body else "",
    )


def _webhook_set(
    webhook: OperationDefinition, requests: Mapping[str, SampleRequest], sandbox: SampleSandbox, programs: Path
) -> SampleSet:
    # A webhook stands under its event's type, where an operation stands under its path.
    sending = event_requests(webhook.template, requests)
    receiver = program_path(webhook.id.rpartition(".")[0], folder=programs)
    return SampleSet(
        operation=webhook.id,
        title=webhook.definition["summary"],
        curl=event_commands(sending),
        python=program(receiver, f"how {webhook.id} is received and verified"),
        python_async="",
        fetch="",
        status=200,
        response=indented(sandbox.event(sending)),
        response_media_type="application/json",
    )


def indented(body: bytes) -> str:
    """A JSON body as it is shown: indented by two blanks."""
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
