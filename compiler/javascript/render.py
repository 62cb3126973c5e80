"""Render the JavaScript bundles: whole files, each from one template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2

from compiler import pack
from compiler.build import TEMPLATES, Build, environment
from compiler.javascript.link import drop_hooks, link
from compiler.javascript.minify import minify_javascript
from compiler.pack_details import details
from compiler.reflect.problems import CompilerError

RUNTIME = TEMPLATES / "javascript" / "runtime"
TABLES = "table.js"
_PLACE = re.compile(r"[\"'`]@(\w+)@[\"'`]")


def javascript(build: Build) -> dict[str, str]:
    """Return the classic script and the ES module of an edition, by file name."""
    values = tables(build)
    modules = {path.name: path.read_text("utf-8") for path in sorted(RUNTIME.glob("*.js"))}
    if build.is_production:
        modules = drop_hooks(modules)
    script = link(modules, f"{build.edition}.js", {TABLES: values.keys()})
    outputs = {}
    for kind in ("js", "mjs"):
        file = f"flickrapi{build.infix}.{kind}"
        template = _environment().get_template(f"javascript/bundle.{kind}.j2")
        outputs[file] = template.render(
            header=build.header, file=file, script=script, tables=values
        )
    return outputs


@cache
def _environment() -> jinja2.Environment:
    """Return Jinja's environment with two filters: `minify` a script, `place` the tables into it."""
    scripts = environment().overlay()
    scripts.filters = environment().filters | {"minify": _minify, "place": _place}
    return scripts


def _minify(text: str, name: str) -> str:
    """Minify a part of a bundle; if it is not JavaScript, the error names the module at fault."""
    try:
        return minify_javascript(text, name)
    except CompilerError:
        for module in sorted(RUNTIME.glob("*.js")):
            minify_javascript(module.read_text("utf-8"), module.name)
        raise


def _place(script: str, values: Mapping[str, Any]) -> str:
    """Put the literals of tables in their places, `"@NAME@"`.

    This comes after the minifier, which would undo the escapes in literals.
    """
    return _PLACE.sub(lambda place: pack.literal(values[place[1]]), script)


def tables(build: Build) -> dict[str, Any]:
    """Return the tables that the bundles of an edition carry, by their names in the runtime."""
    api = build.api
    names, shared_prefix = pack.pack_names(
        api, pack.sort_for_gzip if build.is_production else pack.sort_by_namespace
    )
    values: dict[str, Any] = {
        "NAMES": names,
        "SHARED_PREFIX": shared_prefix,
        "LIMITS": pack.limits(api),
    }
    values["OMITTED"] = pack.list_omitted(api)
    if not build.is_production:
        values |= {name.upper(): table for name, table in details(api).items()}
    return values
