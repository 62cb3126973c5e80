"""The stub of the package has the branches of the module, for page and server."""

from __future__ import annotations

import ast

from tests.support.repository import ROOT

PACKAGE = ROOT / "pyflickr_web"


def read_branches(name: str) -> tuple[str, list[ast.stmt], list[ast.stmt]]:
    """Return the condition of a file's only branch, and the statements of both sides."""
    tree = ast.parse((PACKAGE / name).read_text("utf-8"))
    (branch,) = [node for node in tree.body if isinstance(node, ast.If)]
    return ast.unparse(branch.test), branch.body, branch.orelse


def find_imports(body: list[ast.stmt]) -> set[tuple[str | None, str, str | None]]:
    """Return the module, name and `as` name of each import."""
    imports = [node for node in body if isinstance(node, ast.ImportFrom)]
    return {(node.module, name.name, name.asname) for node in imports for name in node.names}


def find_values(body: list[ast.stmt]) -> set[str]:
    """Return the assignments, except that of the lazily imported modules."""
    texts = {ast.unparse(node) for node in body if isinstance(node, ast.Assign)}
    return {text for text in texts if not text.startswith("_MODULES")}


def test_the_page_has_the_same_names() -> None:
    condition, page, _ = read_branches("__init__.py")
    stub_condition, stub, _ = read_branches("__init__.pyi")
    assert condition == stub_condition == "sys.platform == 'emscripten'"
    assert find_imports(page) == {(module, name, None) for module, name, _ in find_imports(stub)}
    assert find_values(page) == find_values(stub)


def test_the_server_has_the_same_names() -> None:
    _, _, server = read_branches("__init__.py")
    _, _, stub = read_branches("__init__.pyi")
    (modules,) = [
        ast.literal_eval(node.value)
        for node in server
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_MODULES"
    ]
    assert modules == {name: module for module, name, _ in find_imports(stub)}
    assert find_values(server) == find_values(stub)


def test_jedi_finds_each_name() -> None:
    # In stubs, jedi ignores `__all__`, and imports without `as`.
    _, page, server = read_branches("__init__.pyi")
    imports = find_imports(page) | find_imports(server)
    assert [name for _, name, alias in imports if name != alias] == []
