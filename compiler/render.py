"""Render the outputs of an edition, in all languages."""

from __future__ import annotations

from dataclasses import replace

from compiler import __version__
from compiler.build import PRODUCTION, TEMPLATES, Build, render
from compiler.javascript.render import render_bundles
from compiler.javascript.types import render_declaration_files
from compiler.python.render import render_module
from compiler.python.types import render_stub

PAGES = ("README.md", "dev/package.json", "package.json")
LICENSE = TEMPLATES.parent / "LICENSE"


def render_outputs(build: Build) -> dict[str, str]:
    """Render all outputs of a build except the manifest; return their texts by file name.

    Types and the files of the npm package are the same in both editions.
    """
    shared = replace(build, edition=PRODUCTION)
    types = render_declaration_files(shared) | {"pyflickr_web.pyi": render_stub(shared)}
    return render_bundles(build) | render_module(build) | types | render_npm_package(shared)


def render_npm_package(build: Build) -> dict[str, str]:
    """Render the files that make the folder of the outputs an npm package, with the licence."""
    values = {"header": build.header, "version": __version__, "count": len(build.api.methods)}
    pages = {name: render(f"pages/{name}.j2", **values) for name in PAGES}
    return pages | {"LICENSE": LICENSE.read_text("utf-8")}
