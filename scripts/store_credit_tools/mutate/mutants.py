"""Mutants of a module: its text with one small change that alters what it does."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, cast

__all__ = ["Mutant", "mutants_of"]


class Mutant(NamedTuple):
    """One change.

    Attributes:
        path: The module, from the root of the repository.
        line: The first line that is changed.
        last: The last one.
        start: Where the changed text begins, in bytes.
        end: Where it ends.
        before: What stands there.
        after: What is put in its place.
    """

    path: Path
    line: int
    last: int
    start: int
    end: int
    before: str
    after: str

    def apply(self, source: bytes) -> bytes:
        """Give the module's text with the change.

        Raises:
            ValueError: The text is not the one the mutant was made from.
        """
        if source[self.start : self.end] != self.before.encode():
            raise ValueError(f"{self.path}:{self.line} does not read {self.before!r}")
        return source[: self.start] + self.after.encode() + source[self.end :]


_COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COMPUTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
}


def _compare(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield ast.Compare(node.left, [_COMPARED[type(node.ops[0])]()], node.comparators)


def _compute(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and type(node.op) in _COMPUTED:
        # Text is joined and formatted with the same signs; the other operation would only be a TypeError.
        text = any(
            isinstance(side, ast.Constant | ast.JoinedStr) and _is_text(side) for side in (node.left, node.right)
        )
        if not text:
            yield ast.BinOp(node.left, _COMPUTED[type(node.op)](), node.right)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _decide(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)


def _count(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield ast.Constant(node.value + 1)


def _do(node: ast.AST) -> Iterator[ast.AST]:
    """Statements that are left out, or leave otherwise."""
    match node:
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.Raise() | ast.AugAssign() | ast.Delete():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case _:
            pass


def _branch(node: ast.AST) -> Iterator[ast.AST]:
    """The condition of an `if`, turned round; that of a comparison is among the others."""
    if isinstance(node, ast.Call | ast.Name | ast.Attribute):
        yield ast.UnaryOp(ast.Not(), node)


_CHANGES: Final[tuple[Callable[[ast.AST], Iterator[ast.AST]], ...]] = (_compare, _compute, _decide, _count, _do)


def mutants_of(path: Path, source: bytes) -> list[Mutant]:
    """Make every mutant of a module, in the order of its text.

    Left alone are annotations, docstrings and other text, decorators, `__all__`, what only a type checker reads, and
    comparisons of more than two values.

    Args:
        path: The module, from the root of the repository.
        source: Its text.
    """
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    found: set[Mutant] = set()
    for node in _walk(ast.parse(source)):
        changed = [after for change in _CHANGES for after in change(node)]
        targets = [(node, after) for after in changed]
        if isinstance(node, ast.If):
            targets += [(node.test, after) for after in _branch(node.test)]
        for target, after in targets:
            assert isinstance(target, ast.expr | ast.stmt)
            assert target.end_lineno is not None
            assert target.end_col_offset is not None
            start = offsets[target.lineno - 1] + target.col_offset
            end = offsets[target.end_lineno - 1] + target.end_col_offset
            text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(after)))
            # Brackets keep an expression whole in whatever it stands in.
            text = f"({text})" if isinstance(after, ast.expr) and not isinstance(after, ast.Constant) else text
            before = source[start:end].decode()
            found.add(Mutant(path, target.lineno, target.end_lineno, start, end, before, text))
    return sorted(mutant for mutant in found if _parses(mutant, source))


def _parses(mutant: Mutant, source: bytes) -> bool:
    try:
        ast.parse(mutant.apply(source))
    except SyntaxError:
        return False
    return True


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Go over what runs."""
    if _for_types_only(node):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "bases"):
            continue
        # An f-string's parts have no place of their own in the text before Python 3.12.
        if isinstance(node, ast.JoinedStr):
            continue
        for child in cast("list[object]", value) if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child)


def _for_types_only(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return any(ast.unparse(decorator).endswith("overload") for decorator in node.decorator_list)
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
    return isinstance(node, ast.Import | ast.ImportFrom)
