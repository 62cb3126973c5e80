"""Join modules of the package into one, for the dialect that MicroPython runs too.

The dialect: relative imports (`from ..core.flow import Request`) and absolute ones at the top, none
renamed; top-level names that are each declared once; what is for type checkers alone below
`TYPE_CHECKING = False`. What the development edition adds stands in modules of its own, and is called
in statements of its own, so that production goes without both. Production also goes without top-level
names that nothing uses: those of a module that only a server needs.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from compiler.reflect.problems import CompilerError

DEVELOPMENT = frozenset({"core/checks", "core/details", "_generated/details"})


@dataclass(slots=True)
class _Module:
    """A parsed module: its imports from other modules of the package, and its lines without them."""

    name: str
    tree: ast.Module
    lines: list[str]
    fellows: dict[str, list[str]] = field(default_factory=dict)
    imports: list[str] = field(default_factory=list)


def link(modules: Mapping[str, str], entry: str, production: bool) -> str:
    """Return the text of `entry` and all that it imports, each module once, after what it needs.

    `modules` maps names (`core/flow`) to texts. Raises `CompilerError` for an import that is
    unknown or renamed, for a top-level name declared twice, and, in production, for a name of the
    development edition that is used otherwise than in a statement of its own: `check(…)`, or
    `value = improved(value, …)`.
    """
    order: dict[str, _Module] = {}
    _visit(modules, entry, order, (), production)
    _refuse_doubles(order)
    if production:
        _drop_unused(order, entry)
    imports = sorted({line for module in order.values() for line in module.imports})
    parts = ["\n".join(imports), *(_text(module, production) for module in order.values())]
    return "\n\n\n".join(part for part in parts if part) + "\n"


def _visit(
    modules: Mapping[str, str],
    name: str,
    order: dict[str, _Module],
    above: tuple[str, ...],
    production: bool,
) -> None:
    if name in order:
        return
    if name in above:
        raise CompilerError(f"{' -> '.join((*above, name))}: modules import one another")
    if name not in modules:
        raise CompilerError(f"{above[-1] if above else 'link'}: there is no module {name}")
    module = _take_apart(name, modules[name])
    for target, names in module.fellows.items():
        if production and target in DEVELOPMENT:
            _drop_calls(module, frozenset(names))
        else:
            _visit(modules, target, order, (*above, name), production)
            for wanted in names:
                if wanted not in _declared_names(order[target].tree.body):
                    raise CompilerError(f"{name}.py: {target} has no {wanted}")
    order[name] = module


def _take_apart(name: str, text: str) -> _Module:
    # Not splitlines: a text in a literal may hold what that takes for an end of a line, and Python not.
    module = _Module(name, ast.parse(text), text.split("\n"))
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom | ast.Import):
            _note_import(module, node)
            _blank(module, node)
    for part in ast.walk(module.tree):
        if isinstance(part, ast.stmt) and _is_for_checkers(part):
            _blank(module, part)
    return module


def _note_import(module: _Module, node: ast.ImportFrom | ast.Import) -> None:
    names = [alias.name for alias in node.names]
    if any(alias.asname for alias in node.names) or "*" in names:
        raise CompilerError(f"{module.name}.py:{node.lineno}: the linker renames no import")
    if isinstance(node, ast.Import):
        module.imports += [f"import {name}" for name in names]
    elif not node.level:
        module.imports += [f"from {node.module} import {name}" for name in names]
    else:
        folder = module.name
        for _ in range(node.level):
            folder = posixpath.dirname(folder)
        target = posixpath.join(folder, (node.module or "").replace(".", "/"))
        module.fellows.setdefault(target, []).extend(names)


def _is_for_checkers(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return ast.unparse(node) == "TYPE_CHECKING = False"
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _blank(module: _Module, node: ast.stmt, instead: str = "") -> None:
    assert node.end_lineno is not None
    for number in range(node.lineno - 1, node.end_lineno):
        module.lines[number] = "\0"
    module.lines[node.lineno - 1] = instead or "\0"


def _drop_calls(module: _Module, names: frozenset[str]) -> None:
    dropped: set[ast.AST] = set()
    for parent in ast.walk(module.tree):
        body = getattr(parent, "body", [])
        for node in body if isinstance(body, list) else []:
            if _calls(node, names):
                _blank(module, node, "" if len(body) > 1 else " " * node.col_offset + "pass")
                dropped.update(ast.walk(node))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and node.id in names and node not in dropped:
            raise CompilerError(
                f"{module.name}.py:{node.lineno}: {node.id} is the development edition's; "
                "call it in a statement of its own"
            )


def _drop_unused(order: Mapping[str, _Module], entry: str) -> None:
    """Drop the top-level names that no other statement uses, except those of the entry."""
    kept = {node: module for module in order.values() for node in module.tree.body}
    names = {node: {part.id for part in ast.walk(node) if _loads(part)} for node in kept}

    def is_used(node: ast.stmt) -> bool:
        declared = set(_declared_names([node]))
        return not declared or any(declared & names[other] for other in kept if other is not node)

    while unused := [n for n in kept if kept[n].name != entry and not is_used(n)]:
        for node in unused:
            _blank(kept.pop(node), node)


def _loads(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _calls(node: ast.stmt, names: frozenset[str]) -> bool:
    """Return True if a statement calls one of the names: `check(…)`, or `value = improved(value, …)`."""
    if not isinstance(node, ast.Expr | ast.Assign) or not isinstance(node.value, ast.Call):
        return False
    call = node.value
    if not isinstance(call.func, ast.Name) or call.func.id not in names:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else []
    return all(call.args and ast.unparse(call.args[0]) == ast.unparse(t) for t in targets)


def _declared_names(body: Iterable[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from (name.id for name in ast.walk(target) if isinstance(name, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _refuse_doubles(order: Mapping[str, _Module]) -> None:
    owners: dict[str, str] = {"TYPE_CHECKING": ""}
    for module in order.values():
        for name in _declared_names(module.tree.body):
            if owners.setdefault(name, module.name) not in ("", module.name):
                raise CompilerError(f"{module.name}.py: {name} is declared in {owners[name]} too")


def _text(module: _Module, production: bool) -> str:
    """Return the module's text; its docstring becomes a comment, as it no longer describes the whole."""
    first = module.tree.body[0]
    docstring = ast.get_docstring(module.tree)
    if docstring:
        _blank(module, first)
    lines = [line for line in module.lines if line != "\0"]
    text = "\n".join(lines).strip("\n")
    if production or not docstring:
        return text
    comment = "\n".join(f"# {line}".rstrip() for line in docstring.split("\n"))
    return f"# {module.name}.py\n{comment}\n\n{text}"
