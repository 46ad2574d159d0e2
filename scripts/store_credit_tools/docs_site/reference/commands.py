"""The commands `store-credit-mock` and `store-credit`, from their own parsers: options, variables, exit codes."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import griffe

from store_credit_jobs import exit_codes
from store_credit_jobs.cli.main import command as store_credit
from store_credit_mock.cli import command as store_credit_mock
from store_credit_tools.docs_site.anchors import Register
from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.reference.docstrings import described
from store_credit_tools.docs_site.reference.sheet import Sheet, group_of
from store_credit_tools.docs_site.view_model import Attribute, AttributeGroup, Page

__all__ = ["GROUP", "Setting", "command_pages", "settings_of"]

GROUP: Final = "Commands and settings"
_METAVAR: Final = {"INTEGER RANGE": "NUMBER", "FLOAT RANGE": "NUMBER"}
_CODES: Final = re.compile(r"exit codes:\s*(?P<codes>.*?)(?:\n\s*\n|\Z)", re.IGNORECASE | re.DOTALL)
_CODE: Final = re.compile(r"(?:^|[,;] |and )(?P<code>\d+) (?P<text>.*?)(?=[,;] (?:and )?\d+ |[.;]?$)")


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable of the environment that stands for an option."""

    name: str
    command: str
    option: str
    text: str


def command_pages(register: Register) -> Iterator[Page]:
    """Make a page for each of the two commands.

    Raises:
        PagesError: A command says nothing of its exit codes, or an option has no help.
    """
    yield _page(
        store_credit_mock,
        "store-credit-mock",
        "Command store-credit-mock",
        "Serve the mock, run a proxy in front of a server, verify a server, and report coverage.",
        "You can also set every option with an environment variable. Messages for people go to stderr, and output for"
        " programs goes to stdout. The exit code 2 also means that the arguments are not valid, or that the command has"
        " a defect; 130 means that the command was interrupted.",
        register,
    )
    yield _page(
        store_credit,
        "store-credit",
        "Command store-credit",
        "Issue, move and audit store credit from files, and process each row exactly once.",
        "[Issue credit from a file](page:jobs-issue) shows the commands at work. Messages for people go to stderr, and"
        " output for programs goes to stdout. The common options can stand before"
        " or after the name of a command. If several exit codes apply, the command ends with the most serious"
        f" one:\n\n{_codes_of_jobs()}",
        register,
        common=True,
    )


def _page(
    command: click.Command,
    name: str,
    title: str,
    lead: str,
    text: str,
    register: Register,
    *,
    common: bool = False,
) -> Page:
    sheet = Sheet(f"command-{name}", title, GROUP, lead, register)
    sheet.prose(text)
    shared = [one.name for one in command.params] if common else []
    for context in _contexts(_top(command, name)):
        _entry(sheet, context, shared if context.parent is not None else ())
    return sheet.page()


def _top(command: click.Command, name: str) -> click.Context:
    return click.Context(command, info_name=name, **_settings(command))


def _settings(command: click.Command) -> dict[str, Any]:
    return dict(command.context_settings)


def _contexts(context: click.Context) -> Iterator[click.Context]:
    """A command and all below it, each with the names that lead to it."""
    yield context
    command = context.command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _contexts(click.Context(below, info_name=name, parent=context, **_settings(below)))


def _parameters(context: click.Context) -> Iterator[click.Parameter]:
    """What a command takes, without what says its version and its help."""
    for one in context.command.get_params(context):
        # What is eager ends the command at once: `--help`, and `--version` unless it is that of a document.
        if not one.is_eager and not getattr(one, "hidden", False):
            yield one


def _entry(sheet: Sheet, context: click.Context, shared: Container[str | None]) -> None:
    command = context.command
    title = context.command_path
    anchor = sheet.heading(title)
    own = [one for one in _parameters(context) if one.name not in shared]
    epilog = inspect.cleandoc((command.epilog or "").replace("\b\n", ""))
    help_text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    is_group = isinstance(command, click.Group)
    codes = _exit_codes(context, help_text, epilog)
    text = _CODES.sub("", help_text).strip()
    sheet.entry(
        title,
        anchor,
        [("command", title.replace(" ", "_"))],
        code=" ".join([title, *command.collect_usage_pieces(context)]) + _examples(epilog),
        text=text,
        parts=[
            ("Commands", _below(context) if is_group else ""),
            ("Arguments", group_of(_argument(sheet, anchor, one, context) for one in own if not _is_option(one))),
            ("Options", _options(sheet, anchor, own, context)),
            ("Exit codes", codes),
        ],
    )


def _is_option(one: click.Parameter) -> bool:
    return isinstance(one, click.Option)


def _examples(epilog: str) -> str:
    """The examples of an epilog, below the usage."""
    _, _, examples = epilog.partition("examples:\n")
    lines = [line.strip() for line in examples.partition("\n\n")[0].splitlines() if line.strip()]
    return "".join(f"\n{line}" for line in ["", *lines]) if lines else ""


def _below(context: click.Context) -> str:
    command = context.command
    names = command.list_commands(context) if isinstance(command, click.Group) else []
    path = context.command_path
    return "\n".join(f"- [`{path} {name}`](command:{path.replace(' ', '_')}_{name})" for name in names)


def _argument(sheet: Sheet, anchor: str, one: click.Parameter, context: click.Context) -> Attribute:
    shown = one.make_metavar(context).strip("[]")
    return Attribute(
        name=shown,
        anchor=sheet.anchors.member(anchor, str(one.name)),
        type="argument",
        description="",
        marks=("required",) if one.required else (),
    )


def _options(sheet: Sheet, anchor: str, own: list[click.Parameter], context: click.Context) -> AttributeGroup:
    return group_of(_option(sheet, anchor, one, context) for one in own if isinstance(one, click.Option))


def _option(sheet: Sheet, anchor: str, one: click.Option, context: click.Context) -> Attribute:
    if not one.help:
        raise PagesError(f"{context.command_path} {one.opts[0]}: it has no help, and the reference shows it; write one")
    flag = one.is_flag or one.count
    kind = "flag" if flag else f"`{_METAVAR.get(one.make_metavar(context), one.make_metavar(context))}`"
    # The long name first: `--output`, also `-o`.
    names = [*sorted(one.opts, key=lambda name: not name.startswith("--")), *one.secondary_opts]
    also = [f"Also `{'`, `'.join(names[1:])}`."] if len(names) > 1 else []
    variables = [f"Variable: `{name}`." for name in _variables(one, context)]
    text = one.help[0].upper() + one.help[1:]
    text = text if text.endswith((".", "!")) else f"{text}."
    default = None if flag or one.default is None or "default" in one.help else _shown(one.default)
    return Attribute(
        name=names[0],
        anchor=sheet.anchors.member(anchor, names[0].lstrip("-")),
        type=kind,
        description=" ".join([text, *also, *variables]),
        marks=("required",) if one.required else (),
        limits=_limits(one.type),
        default=default,
    )


def _limits(kind: object) -> tuple[str, ...]:
    if not isinstance(kind, click.IntRange | click.FloatRange):
        return ()
    if kind.max is None:
        return (f"{kind.min} or more",)
    return (f"at most {kind.max}" if kind.min is None else f"{kind.min} to {kind.max}",)


def _shown(default: Any) -> str | None:
    # Click marks an option without a default by an object of its own.
    return str(default) if isinstance(default, str | int | float | Path) else None


def _variables(one: click.Option, context: click.Context) -> tuple[str, ...]:
    """The variables an option is read from, shown in `--help` or not."""
    if one.envvar is not None:
        return (one.envvar,) if isinstance(one.envvar, str) else tuple(one.envvar)
    if one.allow_from_autoenv and context.auto_envvar_prefix is not None:
        return (f"{context.auto_envvar_prefix}_{str(one.name).upper()}",)
    return ()


def _exit_codes(context: click.Context, help_text: str, epilog: str) -> str:
    """What a command ends with, as it says itself: in its help, below its examples, or in its module."""
    command = context.command
    if isinstance(command, click.Group) and not command.invoke_without_command:
        return ""
    module = sys.modules[command.callback.__module__].__doc__ if command.callback is not None else None
    for text in (help_text, epilog, module or ""):
        if found := _CODES.search(text):
            told = " ".join(found["codes"].split())
            items = [(one["code"], one["text"]) for one in _CODE.finditer(told)]
            return "\n".join(f"- `{code}`: {text[0].upper()}{text[1:].rstrip('.')}." for code, text in items) or told
    if context.find_root().info_name == "store-credit":
        return "The exit codes of all commands, listed above."
    raise PagesError(
        f"{context.command_path}: it says nothing of its exit codes; write them into its module's docstring"
    )


def _codes_of_jobs() -> str:
    path = Path(inspect.getfile(exit_codes))
    module = griffe.visit("exit_codes", path, path.read_text("utf-8"))
    codes = module.members["ExitCode"]
    return "\n".join(
        f"- `{one.value}`: {described(one).text}"
        for one in codes.members.values()
        if isinstance(one, griffe.Attribute) and one.docstring is not None
    )


def settings_of() -> Iterator[Setting]:
    """The variables of the options of both commands."""
    for command, name in ((store_credit_mock, "store-credit-mock"), (store_credit, "store-credit")):
        for context in _contexts(_top(command, name)):
            for one in _parameters(context):
                if isinstance(one, click.Option):
                    for variable in _variables(one, context):
                        yield Setting(variable, context.command_path, one.opts[0], one.help or "")
