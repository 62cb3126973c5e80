"""Render the Python outputs: the one-file modules, and the tables of the installed package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compiler import pack
from compiler.build import Build, render
from compiler.pack_details import details, method_names
from compiler.python.dialect import DialectError, lint
from compiler.python.link import link
from compiler.python.minify import minify_python
from compiler.reflect.supplement import caller_methods

PACKAGE = Path(__file__).parents[2] / "pyflickr_web"
GENERATED = PACKAGE / "_generated"
ROOMS = ("core", "browser")
ENTRY = "browser/flickr"
PUBLIC = ("Flickr", "FlickrError", "call", "photo_url")


def python(build: Build) -> dict[str, str]:
    """Return the one-file module of an edition, by file name."""
    modules = sources()
    problems = lint(modules)
    if problems:
        raise DialectError(problems)
    modules["_generated/table"] = _table(build)
    if not build.is_production:
        modules["_generated/details"] = _details(build)
    script = link(modules, ENTRY, build.is_production)
    if build.is_production:
        script = minify_python(script, PUBLIC) + "\n"
    text = render("python/bundle.py.j2", header=build.header, script=script)
    return {f"pyflickr_web{build.infix}.py": text}


def package_tables(build: Build) -> dict[str, str]:
    """Return the modules of `pyflickr_web/_generated`, by file name."""
    return {
        "table.py": _table(build, build.header, caller_methods(build.api)),
        "details.py": _details(build, build.header),
    }


def sources() -> dict[str, str]:
    """Return the modules of the package that the bundles are linked from, by room and name."""
    return {
        f"{room}/{path.stem}": path.read_text("utf-8")
        for room in ROOMS
        for path in sorted((PACKAGE / room).glob("*.py"))
    }


def _table(build: Build, header: str = "", callers: Sequence[str] = ()) -> str:
    order = pack.sort_for_gzip if build.is_production else pack.sort_by_namespace
    names, shared_prefix = pack.pack_names_in_line(build.api, order)
    return render(
        "python/table.py.j2",
        header=header,
        names=names,
        shared_prefix=shared_prefix,
        limits=pack.limits(build.api),
        omitted=pack.list_omitted(build.api),
        caller_methods=callers,
        details=not build.is_production,
    )


def _details(build: Build, header: str = "") -> str:
    tables = {"names": method_names(build.api)} | details(build.api)
    return render("python/details.py.j2", header=header, tables=tables)
