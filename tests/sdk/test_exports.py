"""The public surface, the tree of errors, and what an import costs."""

import ast
import inspect
import os
import re
import subprocess
import sys
from enum import Enum
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules, walk_packages
from typing import Any

import pytest

import store_credit
from store_credit import models
from store_credit._core import errors
from together import together


def test_public_names_are_sorted_and_complete() -> None:
    """Constants, classes, then the rest, each in order, so that adding a name is a visible decision."""
    names = store_credit.__all__

    assert list(names) == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert len(names) == len(set(names))
    assert set(names) == set(dir(store_credit))
    assert [name for name in names if not hasattr(store_credit, name)] == []


def test_a_star_import_gives_every_public_name() -> None:
    """And nothing else."""
    namespace: dict[str, Any] = {}
    exec("from store_credit import *", namespace)  # a star import cannot stand in a function

    assert set(namespace) - {"__builtins__"} == set(store_credit.__all__)


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    """A misspelt import fails as any other."""
    with pytest.raises(AttributeError, match="module 'store_credit' has no attribute 'VinrCient'"):
        _ = store_credit.VinrCient  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"module 'store_credit\.models' has no attribute 'Nothing'"):
        _ = models.Nothing  # type: ignore[attr-defined]


def public_classes() -> list[type]:
    return [one for name in store_credit.__all__ if isinstance(one := getattr(store_credit, name), type)]


@together("one", public_classes())
def test_public_classes_say_where_they_are_imported_from(one: type) -> None:
    """Tracebacks, reprs and pickles show `store_credit.NotFoundError`."""
    assert one.__module__ == "store_credit"
    assert getattr(store_credit, one.__qualname__) is one


@together("one", public_classes())
def test_public_classes_are_documented(one: type) -> None:
    """Each with its own sentence."""
    assert one.__doc__
    assert one.__doc__ != (one.__mro__[1].__doc__ if not issubclass(one, tuple | Enum) else None)


def test_models_are_public_under_one_module() -> None:
    """Sorted, each importable, each an attrs class with slots and a docstring."""
    assert list(models.__all__) == sorted(models.__all__)
    for name in models.__all__:
        model = getattr(models, name)
        assert issubclass(model, store_credit.Model)
        assert hasattr(model, "__attrs_attrs__")
        assert "__slots__" in vars(model)
        assert model.__doc__


def test_every_operation_is_documented() -> None:
    """With its arguments, errors and source."""
    for module in (
        import_module(f"store_credit.api.{one.name}")
        for one in iter_modules(import_module("store_credit.api").__path__)
    ):
        for name in module.__all__:
            for method_name, method in vars(getattr(module, name)).items():
                if inspect.isfunction(method) and not method_name.startswith("_"):
                    text = inspect.getdoc(method) or ""
                    assert {"Args:", "Raises:"} <= set(text.split("\n")), (module, method_name)
                    assert "Source: " in text
                    assert not re.search(r"\b[VDRAT]\d+\b", text.replace("R100200300", "")), (module, method_name)
                    for argument in list(inspect.signature(method).parameters)[1:-1]:
                        assert f"    {argument}: " in text, (module, method_name, argument)


# Errors


def test_the_tree_drawn_in_the_docstring_is_the_tree_of_the_classes() -> None:
    """Names, order and parents."""
    drawn: list[tuple[str, str]] = []
    parents: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^((?:│   |    )*(?:├── |└── )?)([A-Z]\w+Error)\b", line)
        if match:
            depth = len(match[1]) // 4
            del parents[depth:]
            drawn.append((match[2], parents[-1] if parents else "Exception"))
            parents.append(match[2])
    real = [(name, vars(errors)[name].__bases__[0].__name__) for name, _ in drawn]

    assert drawn == real
    assert sorted(name for name, _ in drawn) == sorted(errors.__all__)


def test_the_statuses_named_in_the_tree_are_those_of_the_classes() -> None:
    """`NotFoundError 404` in the drawing is what 404 raises."""
    for line in (errors.__doc__ or "").splitlines():
        match = re.search(r"([A-Z]\w+Error)\s+(\d{3}(?:, \d{3})*)", line)
        for status in match[2].split(", ") if match else []:
            assert errors.STATUS_ERRORS[int(status)].__name__ == match[1]  # type: ignore[index]


# Imports


def imported(program: str) -> set[str]:
    """The modules a program has imported at its end; coverage, which imports what it is to measure, stays out of it."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{program}\nimport sys\nprint(*sys.modules)"],
        env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_else() -> None:
    """What is not used is not paid for: neither httpx nor attrs, nor a single model."""
    names = imported("import store_credit")

    assert {name for name in names if name.startswith("store_credit")} <= {
        "store_credit",
        "store_credit._core",
        "store_credit._core.version",
    }
    assert names.isdisjoint({"httpx", "attr", "msgspec", "asyncio", "decimal", "logging", "json"})


HEAVY = [
    "attr",
    "attrs",
    "asyncio",
    "iso4217",
    "sqids",
    "msgspec",
    "importlib.metadata",
    "uuid",
    "trio",
    "pydantic",
    "random",
    "hmac",
]


def test_importing_the_clients_imports_no_model_and_nothing_heavy() -> None:
    """Beyond what httpx imports itself."""
    names = imported("from store_credit import AsyncSpreeClient, AsyncVinrClient, SpreeClient, VinrClient")
    ours = {name for name in names if name.startswith("store_credit.")}

    assert not [name for name in ours if name.startswith(("store_credit.models", "store_credit.api."))]
    assert (names - imported("import httpx")).isdisjoint(HEAVY)


def test_one_resource_imports_its_own_models_only() -> None:
    """A program that uses VINR pays nothing for Spree."""
    names = imported("from store_credit import VinrClient\nVinrClient('sk_test_1').store_credit")

    assert "store_credit.models.vinr_store_credit" in names
    assert not [name for name in names if name.startswith(("store_credit.models.spree", "store_credit.api.spree"))]


def test_no_module_imports_an_http_library_by_name() -> None:
    """Which one is used is decided at run time, by `_core/httplib.py` alone."""
    folder = Path(store_credit.__file__).parent
    importing: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            if any(name.partition(".")[0] in ("httpx", "httpx2") for name in names):
                importing.add(str(path.relative_to(folder)))

    assert importing == set()


def test_the_runtime_names_no_endpoint() -> None:
    """What depends on an operation or a schema is generated."""
    folder = Path(store_credit.__file__).parent / "_core"
    paths = re.compile(r"/v1/|/api/v2/(?!platform/)|store-credit/|store_credits|add_store_credit")
    for path in folder.glob("*.py"):
        code = ast.unparse(without_docstrings(ast.parse(path.read_text("utf-8"))))
        assert not paths.search(code), (path.name, paths.findall(code))


def without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [one for one in body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined]
    return tree


def test_every_module_can_be_imported_first() -> None:
    """No order of imports is needed."""
    names = [one.name for one in walk_packages(store_credit.__path__, "store_credit.")]
    forget = "for name in [one for one in sys.modules if one.startswith('store_credit')]: del sys.modules[name]"
    program = "\n".join(["import sys", *(f"{forget}\nimport {name}" for name in names)])

    assert len(names) > 30
    assert "store_credit" in imported(program)


def test_the_package_is_typed() -> None:
    """Type checkers look for this file."""
    assert (Path(store_credit.__file__).parent / "py.typed").is_file()
