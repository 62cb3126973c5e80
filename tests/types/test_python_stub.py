"""With the types of page and server, mypy and pyright accept correct code and report mistakes."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from copy import copy
from operator import attrgetter
from pathlib import Path

import pytest

from compiler.build import Build
from compiler.pack import find_page_sizes
from compiler.pack_details import join_method_names, pack_details
from compiler.python.types import render_signatures, render_stub
from compiler.reflect.model import Api, Argument, Method, Security
from compiler.reflect.parse import read_snapshot
from compiler.reflect.supplement import apply_corrections
from pyflickr_web import AsyncFlickr, Flickr
from pyflickr_web.core.details import Details
from pyflickr_web.core.namespace import Method as ClientMethod
from tests.support.repository import ROOT
from tests.types.mypy import run_mypy

EXAMPLES = ROOT / "examples" / "types"
MARK = re.compile(r"  # error: ([\w-]+)$")
MYPY = re.compile(r"^([^:]+):(\d+): error: .*\[([\w-]+)\]$", re.M)
Marks = list[tuple[int, str]]


@pytest.fixture(scope="module", params=["", "server_"], ids=["page", "server"])
def prefix(request: pytest.FixtureRequest) -> str:
    """Return the prefix of the names of examples, of the page or of the server."""
    return str(request.param)


@pytest.fixture(scope="module")
def folder(prefix: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the examples.

    A page's folder has only the stub besides, which editors find next to the module.
    """
    place = tmp_path_factory.mktemp("examples")
    for name in _list_examples(prefix):
        (place / name).write_text((EXAMPLES / name).read_text("utf-8"), "utf-8")
    if not prefix:
        stub = ROOT / "browser_dist" / "pyflickr_web.pyi"
        (place / stub.name).write_text(stub.read_text("utf-8"), "utf-8")
    return place


@pytest.fixture(scope="module")
def mypy_errors(folder: Path, prefix: str, mypy_cache: Path) -> dict[str, Marks]:
    """Run mypy once on the examples; return its errors by the file's name."""
    names = _list_examples(prefix)
    if prefix:
        done = run_mypy(mypy_cache, folder, *names)
    else:
        command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-incremental"]
        done = subprocess.run(
            [*command, *names], cwd=folder, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[str, Marks] = {name: [] for name in names}
    for name, number, code in MYPY.findall(done.stdout):
        found[name].append((int(number), code))
    return found


@pytest.fixture(scope="module")
def pyright_errors(folder: Path, prefix: str) -> dict[str, list[int]]:
    """Run pyright once on the examples; return the lines with errors by the file's name."""
    names = _list_examples(prefix)
    settings = {
        "typeCheckingMode": "standard",
        "extraPaths": [str(ROOT)] if prefix else [],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command: list[str | Path] = [ROOT / "node_modules/.bin/pyright", "--outputjson", *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found: dict[str, set[int]] = {name: set() for name in names}
    for row in json.loads(done.stdout)["generalDiagnostics"]:
        if row["severity"] == "error":
            found[Path(row["file"]).name].add(row["range"]["start"]["line"] + 1)
    return {name: sorted(lines) for name, lines in found.items()}


def _list_examples(prefix: str) -> list[str]:
    return [f"{prefix}works.py", f"{prefix}fails.py"]


def _find_marks(file: Path) -> Marks:
    lines = enumerate(file.read_text("utf-8").splitlines(), 1)
    return [(number, mark[1]) for number, line in lines if (mark := MARK.search(line))]


def _classes(stub: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(stub, feature_version=(3, 11))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _class_of(classes: dict[str, ast.ClassDef], method: str, top: str = "Flickr") -> ast.ClassDef:
    """Return the class of a method, found from the client through its namespaces."""
    node = classes[top]
    for part in method.split(".")[1:]:
        rows = [row for row in node.body if isinstance(row, ast.AnnAssign)]
        types = {ast.unparse(row.target): ast.unparse(row.annotation) for row in rows}
        node = classes[types[part]]
    return node


def _parameters(method: object) -> tuple[list[str], list[str]]:
    """Return the required and optional keyword arguments of a client's method, as it shows them."""
    parameters = inspect.signature(method).parameters.values()  # type: ignore[arg-type]
    assert {parameter.kind for parameter in parameters} <= {inspect.Parameter.KEYWORD_ONLY}
    required = [each.name for each in parameters if each.default is each.empty]
    return required, [each.name for each in parameters if each.default is None]


def _functions(node: ast.ClassDef) -> dict[str, tuple[list[str], list[str]]]:
    """Return the required and optional keyword arguments of each function; it has no others."""
    found = {}
    for row in node.body:
        assert isinstance(row, ast.FunctionDef | ast.AsyncFunctionDef)
        named = list(zip(row.args.kwonlyargs, row.args.kw_defaults, strict=True))
        assert [argument.arg for argument in row.args.args] == ["self"]
        assert not (row.args.vararg or row.args.kwarg)
        required = [argument.arg for argument, default in named if default is None]
        found[row.name] = required, [argument.arg for argument, default in named if default]
    return found


def test_mypy_accepts_correct_code(mypy_errors: dict[str, Marks], prefix: str) -> None:
    assert mypy_errors[f"{prefix}works.py"] == []


def test_mypy_rejects_every_marked_line(mypy_errors: dict[str, Marks], prefix: str) -> None:
    name = f"{prefix}fails.py"
    assert mypy_errors[name] == _find_marks(EXAMPLES / name) != []


def test_pyright_accepts_correct_code(pyright_errors: dict[str, list[int]], prefix: str) -> None:
    assert pyright_errors[f"{prefix}works.py"] == []


def test_pyright_rejects_every_marked_line(
    pyright_errors: dict[str, list[int]], prefix: str
) -> None:
    name = f"{prefix}fails.py"
    assert pyright_errors[name] == [line for line, _ in _find_marks(EXAMPLES / name)]


def test_sync_and_async_signatures_are_otherwise_equal() -> None:
    written = render_signatures(Build(read_snapshot(), "all"))
    awaited = written["awaited.pyi"].replace("async def", "def")
    awaited = awaited.replace("AsyncIterator", "Iterator").replace("aclose", "close")
    awaited = awaited.replace("__anext__", "__next__")
    assert awaited == written["threaded.pyi"]


@pytest.mark.parametrize("stub", ["pyflickr_web.pyi", "awaited.pyi", "threaded.pyi"])
def test_every_method_exists_with_its_arguments(stub: str) -> None:
    api = read_snapshot()
    in_page = stub == "pyflickr_web.pyi"
    classes = _classes(render_stub(Build(api)) if in_page else render_signatures(Build(api))[stub])
    more = [] if in_page else ["authenticated"]
    for method in api.methods:
        functions = _functions(_class_of(classes, method.name, "Flickr" if in_page else "Methods"))
        arguments = [a.name for a in method.required], [a.name for a in method.optional] + more
        listed = method.name in find_page_sizes(api)
        names = {"__call__", "all", "pages"} if listed else {"__call__"}
        assert functions == dict.fromkeys(names, arguments), method.name


@pytest.mark.parametrize("client", [Flickr, AsyncFlickr])
def test_every_method_shows_its_arguments(client: type[Flickr | AsyncFlickr]) -> None:
    flickr = client(api_key="k")
    for method in apply_corrections(read_snapshot()).methods:
        arguments = [a.name for a in method.required], [a.name for a in method.optional]
        shown = _parameters(attrgetter(method.name.removeprefix("flickr."))(flickr))
        assert shown == (arguments[0], [*arguments[1], "authenticated"]), method.name


def test_a_method_without_description_shows_any_arguments() -> None:
    method = ClientMethod(Flickr(api_key="k"), "flickr.new.thing")
    assert str(inspect.signature(method)) == "(**values: 'Any') -> 'Any'"


@pytest.mark.parametrize("name", ["class", "two-words"])
def test_an_argument_with_an_invalid_name_is_not_shown(name: str) -> None:
    flickr = Flickr(api_key="k")
    api = Api((Method("flickr.a.b", Security(False, False, 0), (Argument(name, False),)),), ())
    flickr.table = copy(flickr.table)
    flickr.table.details = Details({"names": join_method_names(api)} | pack_details(api))
    assert _parameters(ClientMethod(flickr, "flickr.a.b")) == ([], ["authenticated"])


@pytest.mark.parametrize("name", ["class", "two-words", "self"])
def test_an_argument_with_an_invalid_name_is_omitted(name: str) -> None:
    arguments = Argument(name, False), Argument("page", True)
    method = Method("flickr.some.list", Security(False, False, 0), arguments)
    classes = _classes(render_stub(Build(Api((method,), ()))))
    assert _functions(_class_of(classes, method.name))["all"] == ([], ["page"])


@pytest.mark.parametrize("description", ['Ends with "', 'Has """ within', "Ends with \\"])
def test_no_description_ends_its_docstring(description: str) -> None:
    method = Method("flickr.test.echo", Security(False, False, 0), description=description)
    node = _class_of(_classes(render_stub(Build(Api((method,), ())))), method.name).body[0]
    assert isinstance(node, ast.AsyncFunctionDef)
    docstring = ast.get_docstring(node)
    assert docstring and docstring.rstrip(".").replace("'''", '"""') == description


def test_the_stub_is_the_same_under_any_hash_seed() -> None:
    code = (
        "from compiler.reflect.parse import read_snapshot as read;"
        "from compiler.build import Build;"
        "from compiler.python.types import render_stub, render_signatures;"
        "print(render_stub(Build(read())), render_signatures(Build(read())))"
    )
    texts = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert texts[0] == texts[1] != b""
