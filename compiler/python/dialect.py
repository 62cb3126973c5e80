"""Check the dialect of `core/` and `browser/`, which CPython and MicroPython both run.

The dialect also excludes constructs that make a bundle depend on the Python that builds it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from compiler.errors import CompilerError, Problem

_IMPORTS = {"core": {"json"}, "browser": {"asyncio", "binascii", "builtins", "js", "json", "re"}}
# Imports inside of functions that only CPython calls.
_CPYTHON_IMPORTS = {"core/details": {"inspect"}}
_MISSING_STR_METHODS = frozenset(
    "isalnum ljust removeprefix removesuffix rjust title zfill".split()  # noqa: SIM905
)
_MISSING_NAMES = frozenset(
    {"TimeoutError", "ConnectionError", "ModuleNotFoundError", "ExceptionGroup"}
)
_MISSING_ATTRIBUTES = frozenset({"__cause__", "__init_subclass__", "__annotations__"})
_GENERIC = frozenset({"dict", "frozenset", "list", "set", "tuple", "type"})
_SYNTAX: dict[str, str] = {
    "Match": "`match`",
    "TryStar": "`except*`",
    "TypeAlias": "`type X = …`",
}


class DialectError(CompilerError):
    """`core/` or `browser/` is not in the dialect; the message lists each place."""

    def __init__(self, problems: list[Problem]) -> None:
        lines = "\n".join(f"  {problem}" for problem in sorted(problems))
        super().__init__(f"core/ and browser/ must run in MicroPython:\n{lines}")


def lint(modules: Mapping[str, str]) -> list[Problem]:
    """Return the constructs outside the dialect in modules, given as texts by name (`core/flow`)."""
    return [
        Problem(f"{name}.py:{line}", what)
        for name, text in modules.items()
        for line, what in _list_problems(name, text)
    ]


# Both editions have the same modules.
@cache
def _list_problems(name: str, text: str) -> list[tuple[int, str]]:
    return sorted(set(_lint_module(name, text)))


def _lint_module(name: str, text: str) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        yield error.lineno or 0, f"is not valid in every supported Python: {error.msg}"
        return
    skipped = {part for node in ast.walk(tree) for part in _list_typing_nodes(node)}
    for node in ast.walk(tree):
        if node not in skipped:
            for lint_node in _LINTS:
                for what in lint_node(node):
                    yield _find_line(node), f"MicroPython has no {what}"
            for what in _lint_f_strings(node):
                yield _find_line(node), what
            for what in _lint_imports(node, name):
                yield _find_line(node), what
            if isinstance(node, ast.With | ast.AsyncWith) and _has_parentheses(node, text):
                yield node.lineno, "MicroPython has no parenthesised `with`"


def _find_line(node: ast.AST) -> int:
    """Return the line of a node, or of its first part with a line."""
    return next(
        part.lineno for part in ast.walk(node) if isinstance(part, ast.expr | ast.stmt | ast.arg)
    )


def _list_typing_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield parts of a node for type checkers only: `if TYPE_CHECKING:` and annotations."""
    parts: list[ast.AST | None] = []
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        parts = [*node.body]
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        parameters += [more for more in (node.args.vararg, node.args.kwarg) if more]
        parts = [node.returns, *(argument.annotation for argument in parameters)]
    elif isinstance(node, ast.AnnAssign):
        parts = [node.annotation]
    for part in parts:
        if part:
            yield from ast.walk(part)


def _lint_syntax(node: ast.AST) -> Iterator[str]:
    if type(node).__name__ in _SYNTAX:
        yield _SYNTAX[type(node).__name__]
    if isinstance(node, ast.Dict) and None in node.keys:
        yield "`{**a}`"
    if isinstance(node, ast.List | ast.Tuple | ast.Set) and any(
        isinstance(item, ast.Starred) and isinstance(item.ctx, ast.Load) for item in node.elts
    ):
        yield "`[*a]`"
    if isinstance(node, ast.comprehension) and node.is_async:
        yield "asynchronous comprehensions"
    if isinstance(node, ast.Raise) and node.cause:
        yield "silent `raise … from`"


def _lint_functions(node: ast.AST) -> Iterator[str]:
    if getattr(node, "type_params", None):
        yield "type parameters"
    if isinstance(node, ast.arguments) and node.posonlyargs:
        yield "positional-only `/`"
    if isinstance(node, ast.AsyncFunctionDef):
        inner = (part for child in node.body for part in ast.walk(child))
        if any(isinstance(part, ast.Yield) for part in inner):
            yield "working asynchronous generators; write a class with __anext__"


def _lint_classes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        if any(keyword.arg == "metaclass" for keyword in node.keywords):
            yield "metaclasses"
        if len(node.bases) > 1:
            yield "class with two built-in bases"
        for child in node.body:
            if isinstance(child, ast.FunctionDef) and child.name in _MISSING_ATTRIBUTES:
                yield child.name


def _lint_library(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and node.attr in _MISSING_STR_METHODS:
        yield f"str.{node.attr}"
    if isinstance(node, ast.Attribute) and node.attr in _MISSING_ATTRIBUTES:
        yield node.attr
    if isinstance(node, ast.Name) and node.id in _MISSING_NAMES:
        yield node.id
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) in _GENERIC:
        yield f"{ast.unparse(node.value)}[…] while running"
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "json.dumps":
        for keyword in node.keywords:
            if keyword.arg != "separators":
                yield f"{keyword.arg} of json.dumps"


_LINTS: tuple[Callable[[ast.AST], Iterator[str]], ...] = (
    _lint_syntax,
    _lint_functions,
    _lint_classes,
    _lint_library,
)


def _lint_f_strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FormattedValue) and any(
        isinstance(part, ast.Constant | ast.JoinedStr) for part in ast.walk(node.value)
    ):
        yield "a literal in an f-string's field is unparsed differently by other Python versions"


def _lint_imports(node: ast.AST, module: str) -> Iterator[str]:
    room = module.partition("/")[0]
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and not node.level:
        names = [node.module or ""]
    if room == "core" and isinstance(node, ast.ImportFrom) and node.level > 1:
        yield f"core may only import from core, not {node.module}"
    is_in_function = getattr(node, "col_offset", 0) > 0
    for name in names:
        if is_in_function and name in _CPYTHON_IMPORTS.get(module, ()):
            continue
        if name not in _IMPORTS[room]:
            yield f"{room} may only import {', '.join(sorted(_IMPORTS[room]))}, not {name}"


def _has_parentheses(node: ast.With | ast.AsyncWith, text: str) -> bool:
    line = text.split("\n")[node.lineno - 1][node.col_offset :]
    return (
        len(node.items) > 1 and line.removeprefix("async ").removeprefix("with").lstrip()[0] == "("
    )
