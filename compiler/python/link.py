"""Link modules of the package into one file.

It supports imports at the top of a module, relative (`from ..core.flow import Request`) and absolute,
but not renamed. Each top-level name is declared once; code for type checkers is below
`TYPE_CHECKING = False`. Functions of the development edition are in modules of their own, and are called
in statements of their own: the production edition drops both. It also drops unused top-level names,
which only a server needs.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from compiler.errors import CompilerError

DEVELOPMENT = frozenset(
    {
        "_generated/details",
        "browser/checks",
        "browser/help",
        "core/checks",
        "core/details",
        "core/misuse",
        "core/nearest",
    }
)


@dataclass(slots=True)
class _Module:
    """A parsed module: its imports from the package, its other imports, and its lines without both."""

    name: str
    tree: ast.Module
    lines: list[str]
    package_imports: dict[str, list[str]] = field(default_factory=dict)
    other_imports: list[str] = field(default_factory=list)


def link(modules: Mapping[str, str], entry: str, production: bool) -> str:
    """Return the text of `entry` and of all modules that it imports, each once, after its own imports.

    `modules` maps names (`core/flow`) to texts.

    Raises `CompilerError` for an unknown or renamed import, for a duplicate name, and, in production,
    for a function of the development edition that is not called in a statement of its own: `check(…)`,
    or `value = improve(value, …)`.
    """
    order: dict[str, _Module] = {}
    _add_module(modules, entry, order, (), production)
    _reject_duplicates(order)
    if production:
        _drop_unused(order, entry)
    imports = sorted({line for module in order.values() for line in module.other_imports})
    parts = [
        "\n".join(imports),
        *(_render_text(module, production) for module in order.values()),
    ]
    return "\n\n\n".join(part for part in parts if part) + "\n"


def _add_module(
    modules: Mapping[str, str],
    name: str,
    order: dict[str, _Module],
    importers: tuple[str, ...],
    production: bool,
) -> None:
    if name in order:
        return
    if name in importers:
        raise CompilerError(f"{' -> '.join((*importers, name))}: circular import")
    if name not in modules:
        raise CompilerError(f"{importers[-1] if importers else 'link'}: unknown module {name}")
    module = _parse_module(name, modules[name])
    for target, names in module.package_imports.items():
        if production and target in DEVELOPMENT:
            _drop_calls(module, frozenset(names))
        else:
            _add_module(modules, target, order, (*importers, name), production)
            for wanted in names:
                if wanted not in _declared_names(order[target].tree.body):
                    raise CompilerError(f"{name}.py: {target} does not define {wanted}")
    order[name] = module


def _parse_module(name: str, text: str) -> _Module:
    # Not splitlines: it splits at characters in literals that are no line breaks in Python.
    module = _Module(name, ast.parse(text), text.split("\n"))
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom | ast.Import):
            _record_import(module, node)
            _blank(module, node)
    for part in ast.walk(module.tree):
        if isinstance(part, ast.stmt) and _is_for_type_checkers(part):
            _blank(module, part)
    return module


def _record_import(module: _Module, node: ast.ImportFrom | ast.Import) -> None:
    names = [alias.name for alias in node.names]
    if any(alias.asname for alias in node.names) or "*" in names:
        raise CompilerError(
            f"{module.name}.py:{node.lineno}: the linker supports neither `as` nor `*`"
        )
    if isinstance(node, ast.Import):
        module.other_imports += [f"import {name}" for name in names]
    elif not node.level:
        module.other_imports += [f"from {node.module} import {name}" for name in names]
    else:
        folder = module.name
        for _ in range(node.level):
            folder = posixpath.dirname(folder)
        target = posixpath.join(folder, (node.module or "").replace(".", "/"))
        module.package_imports.setdefault(target, []).extend(names)


def _is_for_type_checkers(node: ast.stmt) -> bool:
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
            if _is_call_of(node, names):
                _blank(module, node, "" if len(body) > 1 else " " * node.col_offset + "pass")
                dropped.update(ast.walk(node))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and node.id in names and node not in dropped:
            raise CompilerError(
                f"{module.name}.py:{node.lineno}: production has no {node.id}: "
                "call it in a statement of its own"
            )


def _drop_unused(order: Mapping[str, _Module], entry: str) -> None:
    """Drop top-level names that no other statement uses, except those of the entry."""
    kept = {node: module for module in order.values() for node in module.tree.body}
    names = {node: {part.id for part in ast.walk(node) if _is_load(part)} for node in kept}

    def is_used(node: ast.stmt) -> bool:
        declared = set(_declared_names([node]))
        return not declared or any(declared & names[other] for other in kept if other is not node)

    while unused := [n for n in kept if kept[n].name != entry and not is_used(n)]:
        for node in unused:
            _blank(kept.pop(node), node)


def _is_load(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _is_call_of(node: ast.stmt, names: frozenset[str]) -> bool:
    """Return True if a statement calls one of the names: `check(…)` or `value = improve(value, …)`."""
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


def _reject_duplicates(order: Mapping[str, _Module]) -> None:
    owners: dict[str, str] = {"TYPE_CHECKING": ""}
    for module in order.values():
        for name in _declared_names(module.tree.body):
            if owners.setdefault(name, module.name) not in ("", module.name):
                raise CompilerError(f"{module.name}.py: {name} is also declared in {owners[name]}")


def _render_text(module: _Module, production: bool) -> str:
    """Return the module's text; its docstring becomes a comment, since it describes only a part now."""
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
