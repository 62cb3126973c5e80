"""Render the single-file Python modules, and the tables of the installed package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compiler import pack
from compiler.build import Build, render
from compiler.pack_details import join_method_names, pack_details
from compiler.python.dialect import DialectError, lint
from compiler.python.link import link
from compiler.python.minify import minify_python
from compiler.reflect.supplement import list_caller_methods

PACKAGE = Path(__file__).parents[2] / "pyflickr_web"
GENERATED = PACKAGE / "_generated"
ROOMS = ("core", "browser")
ENTRY = "browser/flickr"
PUBLIC = ("Flickr", "FlickrError", "call", "photo_url")
# Attributes without an underscore that only the bundle's own classes have and use.
INTERNAL = (
    "client",
    "fields",
    "flow",
    "is_signed",
    "least",
    "limits",
    "make_error",
    "most",
    "names",
    "omitted",
    "page_sizes",
    "retries",
    "retry_after",
    "run",
    "table",
    "walk",
    "warn",
    "writes",
)


def render_module(build: Build) -> dict[str, str]:
    """Render the single-file module of an edition; return its text by file name."""
    modules = read_sources()
    problems = lint(modules)
    if problems:
        raise DialectError(problems)
    modules["_generated/table"] = _render_table(build)
    if not build.is_production:
        modules["_generated/details"] = _render_details(build)
    script = link(modules, ENTRY, build.is_production)
    if build.is_production:
        script = minify_python(script, PUBLIC, INTERNAL) + "\n"
    text = render("python/bundle.py.j2", header=build.header, script=script)
    return {f"pyflickr_web{build.infix}.py": text}


def render_package_tables(build: Build) -> dict[str, str]:
    """Render the modules of `pyflickr_web/_generated`; return their texts by file name."""
    return {
        "table.py": _render_table(build, build.header, list_caller_methods(build.api)),
        "details.py": _render_details(build, build.header),
    }


def read_sources() -> dict[str, str]:
    """Read the modules from which the bundles are linked; return their texts by folder and name."""
    return {
        f"{room}/{path.stem}": path.read_text("utf-8")
        for room in ROOMS
        for path in sorted((PACKAGE / room).glob("*.py"))
    }


def _render_table(build: Build, header: str = "", callers: Sequence[str] = ()) -> str:
    order = pack.sort_for_gzip if build.is_production else pack.sort_by_namespace
    names, shared_prefix = pack.pack_names_for_python(build.api, order)
    return render(
        "python/table.py.j2",
        header=header,
        names=names,
        shared_prefix=shared_prefix,
        limits=pack.find_results_limits(build.api),
        omitted=pack.list_omitted(build.api),
        caller_methods=callers,
        details=not build.is_production,
    )


def _render_details(build: Build, header: str = "") -> str:
    tables = {"names": join_method_names(build.api)} | pack_details(build.api)
    return render("python/details.py.j2", header=header, tables=tables)
