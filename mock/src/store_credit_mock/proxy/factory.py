"""A proxy from the arguments of its command."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.contract.document import BUNDLED
from store_credit_mock.core.error_responder import ErrorResponder
from store_credit_mock.factory import Engine
from store_credit_mock.host_names import HostNames
from store_credit_mock.proxy.context import Settings
from store_credit_mock.proxy.proxy import Proxy
from store_credit_mock.proxy.reporter import Reporter
from store_credit_mock.proxy.upstream import Upstream
from store_credit_mock.recording import open_recorder
from store_credit_mock.redaction import Redactor

__all__ = ["assembled"]


def assembled(
    options: SimpleNamespace,
    people: Callable[[str], None],
    programs: Callable[[bytes], None] | None,
    validator: ExchangeValidator | None = None,
) -> Proxy:
    """Make a proxy.

    Args:
        options: The arguments of the command.
        people: Takes lines for people.
        programs: Takes JSON lines; None if nobody asked for them.
        validator: One that is compiled already; else it is made of the document that `options` names.

    Raises:
        DocumentError: The document cannot be compiled.
        RecordingError: The recording cannot be begun.
        ValueError: The upstream's address or the certificates to trust cannot be used.
    """
    if validator is None:
        document = Document.read(options.document or BUNDLED, people)
        validator = ExchangeValidator(document, options.max_check, only_documented=options.only_documented)
    upstream = Upstream(options.upstream, options.timeout, ca=options.ca, insecure=options.insecure)
    validator.before = upstream.prefix.decode("ascii")
    secrets = Redactor(validator.document.secret_names)
    hosts = None
    if not options.allow_remote:
        # A page in a browser could otherwise reach the upstream under a name of its own that leads here.
        hosts = HostNames([options.host, *options.allow_host])
    settings = Settings(
        None if options.no_check else validator,
        options.enforce,
        options.max_check,
        hosts=hosts,
        recorder=None if options.record is None else open_recorder(options.record, secrets, upstream.origin),
    )
    reporter = Reporter(secrets, people, programs, verbose=options.verbose)
    # The engine lends its systems' words for refusals and answers nothing itself, so that it needs no handlers.
    return Proxy(
        upstream,
        settings,
        ErrorResponder(Engine(validator.closed, partial=True)),
        reporter,
        secrets,
        validator.document,
    )
