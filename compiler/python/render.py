"""Render the Python outputs: the one-file modules, and the tables of the installed package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compiler import pack
from compiler.order import ordered
from compiler.pack_details import details as packed_details
from compiler.pack_details import method_names
from compiler.python.dialect import DialectError, lint
from compiler.python.link import link
from compiler.python.minify import minify_python
from compiler.reflect.model import Api
from compiler.reflect.supplement import caller_methods
from compiler.templates import environment, generated

PACKAGE = Path(__file__).parents[2] / "pyflickr_web"
GENERATED = PACKAGE / "_generated"
ROOMS = ("core", "browser")
ENTRY = "browser/flickr"
PUBLIC = ("Flickr", "FlickrError", "call", "photo_url")


def python(api: Api, edition: str) -> dict[str, str]:
    """The one-file module of an edition, by file name."""
    production = edition == "production"
    written = sources()
    problems = lint(written)
    if problems:
        raise DialectError(problems)
    modules = written | {
        f"_generated/{name.removesuffix('.py')}": text
        for name, text in _tables(api, not production).items()
    }
    text = link(modules, ENTRY, production)
    infix = "" if production else ".dev"
    if production:
        text = minify_python(text, PUBLIC) + "\n"
    line = generated(api, f"python -m compiler {edition}")
    return {f"pyflickr_web{infix}.py": f"# {line}\n{text}"}


def package_tables(api: Api) -> dict[str, str]:
    """The modules of `pyflickr_web/_generated`, by file name."""
    line = generated(api, "python -m compiler all")
    return {name: f"# {line}\n{text}" for name, text in _tables(api, True, on_server=True).items()}


def sources() -> dict[str, str]:
    """The modules of the package that the bundles are linked from, by room and name."""
    return {
        f"{room}/{path.stem}": path.read_text("utf-8")
        for room in ROOMS
        for path in sorted((PACKAGE / room).glob("*.py"))
    }


def _tables(api: Api, details: bool, on_server: bool = False) -> dict[str, str]:
    names, lost = pack.names_in_line(api, pack.by_space if details else ordered)
    values = {
        "names": names,
        "lost": lost,
        "limits": pack.limits(api),
        "omitted": pack.omitted(api) or None,
        "caller_methods": caller_methods(api) if on_server else None,
    }
    table = {
        name: None if value is None else pack.python_literal(value)
        for name, value in values.items()
    }
    outputs = {"table.py": _render("table.py.j2", **table, details=details)}
    if details:
        tables = {"names": method_names(api)} | packed_details(api)
        literals = {name: pack.python_literal(table) for name, table in tables.items()}
        outputs["details.py"] = _render("details.py.j2", tables=literals)
    return outputs


def _render(template: str, **values: Any) -> str:
    return environment().get_template(f"python/{template}").render(**values)
