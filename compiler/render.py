"""Render the texts of the outputs, of every language."""

from __future__ import annotations

from compiler import __version__
from compiler.javascript.render import javascript
from compiler.javascript.types import typescript
from compiler.python.render import python
from compiler.python.types import python_stub
from compiler.reflect.model import Api
from compiler.reflect.supplement import corrected
from compiler.templates import TEMPLATES, environment, generated

EDITIONS = ("production", "dev")


def outputs(api: Api, edition: str) -> dict[str, str]:
    """Return every text that a build of an edition writes, by file name, without the manifest."""
    api = corrected(api)
    return javascript(api, edition) | python(api, edition) | types(api) | package(api)


def types(api: Api) -> dict[str, str]:
    """The TypeScript declarations and the Python stub, which both editions share."""
    template = environment().get_template("types/flickrapi.d.ts.j2")
    text = template.render(
        line=generated(api, "python -m compiler"), **typescript(api, TEMPLATES / "types")
    )
    stub = python_stub(api, generated(api, "python -m compiler"))
    return {"flickrapi.d.ts": text, "pyflickr_web.pyi": stub}


def package(api: Api) -> dict[str, str]:
    """What makes the folder of the outputs an npm package."""
    line = generated(api, "python -m compiler")
    return {
        name: environment()
        .get_template(f"pages/{name}.j2")
        .render(line=line, version=__version__, count=len(api.methods))
        for name in ("package.json", "README.md")
    }
