"""Minify Python with python-minifier, and rename private and internal attributes."""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Collection, Iterator
from string import ascii_lowercase

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_PRIVATE = re.compile("_[a-z]\\w*")


def minify_python(text: str, public: Collection[str], internal: Collection[str] = ()) -> str:
    """Minify a module.

    Keeps the names in `public`, and the parameters of functions and constructors with these names.
    Renames private attributes, those in `internal`, and all other parameters; drops methods with such
    names that nothing uses.
    """
    import python_minifier

    tree = ast.parse(text)
    _drop_unused_methods(tree, internal)
    _shorten_attributes(tree, internal)
    kept = {function for name, function in _list_functions(tree) if name in public}
    for _, function in _list_functions(tree):
        if function not in kept:
            # Positional-only parameters may be renamed; python-minifier removes the `/`.
            function.args.posonlyargs += function.args.args
            function.args.args = []
    return python_minifier.minify(
        ast.unparse(tree),
        remove_literal_statements=True,
        rename_globals=True,
        # Aliases of built-ins would make the compressed module larger.
        preserve_globals=[*public, *dir(builtins)],
        hoist_literals=False,
    )


def _list_functions(tree: ast.Module) -> Iterator[tuple[str, _Function]]:
    """Yield every function with its name, and a constructor with the name of its class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for function in node.body:
                if isinstance(function, ast.FunctionDef) and function.name == "__init__":
                    yield node.name, function
        elif isinstance(node, ast.Lambda):
            yield "", node
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node


def _is_internal(name: str, internal: Collection[str]) -> bool:
    return name in internal or bool(_PRIVATE.fullmatch(name))


def _drop_unused_methods(tree: ast.Module, internal: Collection[str]) -> None:
    """Drop private and internal methods whose names are used by nothing but themselves."""
    uses = _count_uses(tree)
    for parent in ast.walk(tree):
        if isinstance(parent, ast.ClassDef):
            for method in list(parent.body):
                if (
                    isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
                    and _is_internal(method.name, internal)
                    and (own := _count_uses(method))[method.name] == uses[method.name]
                ):
                    parent.body.remove(method)
                    uses -= own


def _count_uses(tree: ast.AST) -> Counter[str]:
    """Count the uses of each attribute."""
    return Counter(node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute))


def _shorten_attributes(tree: ast.Module, internal: Collection[str]) -> None:
    """Rename private attributes and methods, `_name`, and internal ones, the most used first."""
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    methods = [
        node
        for parent in ast.walk(tree)
        if isinstance(parent, ast.ClassDef)
        for node in parent.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    uses = Counter([node.attr for node in attributes] + [node.name for node in methods])
    private = sorted(
        (name for name in uses if _is_internal(name, internal)),
        key=lambda name: (-uses[name], name),
    )
    short = {name: "_" + ascii_lowercase[i % 26] * (1 + i // 26) for i, name in enumerate(private)}
    for attribute in attributes:
        attribute.attr = short.get(attribute.attr, attribute.attr)
    for method in methods:
        method.name = short.get(method.name, method.name)
