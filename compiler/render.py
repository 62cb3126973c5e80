"""Render the texts of the outputs, of every language."""

from __future__ import annotations

from dataclasses import replace

from compiler import __version__
from compiler.build import PRODUCTION, Build, render
from compiler.javascript.render import javascript
from compiler.javascript.types import declarations
from compiler.python.render import python
from compiler.python.types import python_stub


def outputs(build: Build) -> dict[str, str]:
    """Return every text that a build writes, by file name, without the manifest.

    Types and the npm package are the same in both editions.
    """
    shared = replace(build, edition=PRODUCTION)
    types = {"flickrapi.d.ts": declarations(shared), "pyflickr_web.pyi": python_stub(shared)}
    return javascript(build) | python(build) | types | package(shared)


def package(build: Build) -> dict[str, str]:
    """Return the files that make the folder of the outputs an npm package."""
    values = {"header": build.header, "version": __version__, "count": len(build.api.methods)}
    return {name: render(f"pages/{name}.j2", **values) for name in ("package.json", "README.md")}
