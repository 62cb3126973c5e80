"""Render the JavaScript bundles, each from one template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2

from compiler import pack
from compiler.build import TEMPLATES, Build, make_environment
from compiler.errors import CompilerError
from compiler.javascript.link import drop_hooks, link
from compiler.javascript.minify import minify_javascript
from compiler.javascript.source_map import mark_modules, render_source_map
from compiler.pack_details import pack_details

RUNTIME = TEMPLATES / "javascript" / "runtime"
TABLES = "table.js"
_PLACEHOLDER = re.compile(r"[\"'`]@(\w+)@[\"'`]")


def render_bundles(build: Build) -> dict[str, str]:
    """Render the classic script and the ES module of an edition; return their texts by file name.

    The development edition has source maps.
    """
    values = pack_tables(build)
    modules = {path.name: path.read_text("utf-8") for path in sorted(RUNTIME.glob("*.js"))}
    if build.is_production:
        return _render_kinds(build, drop_hooks(modules), values)
    outputs = _render_kinds(build, modules, values)
    marked_modules, marks = mark_modules(modules)
    for file, marked in _render_kinds(build, marked_modules, values).items():
        outputs[f"{file}.map"] = render_source_map(
            marked, outputs[file], modules, marks, build.header
        )
        outputs[file] += f"//# sourceMappingURL={file}.map\n"
    return outputs


def _render_kinds(
    build: Build, modules: Mapping[str, str], values: Mapping[str, Any]
) -> dict[str, str]:
    script = link(modules, f"{build.edition}.js", {TABLES: values.keys()})
    outputs = {}
    for kind in ("js", "mjs"):
        file = f"flickrapi{build.infix}.{kind}"
        template = _make_environment().get_template(f"javascript/bundle.{kind}.j2")
        outputs[file] = template.render(
            header=build.header, file=file, script=script, tables=values
        )
    return outputs


@cache
def _make_environment() -> jinja2.Environment:
    """Return the Jinja environment with two filters: `minify` a script, and `place` tables in it."""
    scripts = make_environment().overlay()
    scripts.filters = make_environment().filters | {"minify": _minify, "place": _place}
    return scripts


def _minify(text: str, name: str) -> str:
    """Minify a bundle; if it is not JavaScript, raise an error that names the wrong module."""
    try:
        return minify_javascript(text, name)
    except CompilerError:
        for module in sorted(RUNTIME.glob("*.js")):
            minify_javascript(module.read_text("utf-8"), module.name)
        raise


def _place(script: str, values: Mapping[str, Any]) -> str:
    """Replace each placeholder, `"@NAME@"`, by the literal of a table.

    This comes after minification, which would undo the escapes in literals.
    """
    return _PLACEHOLDER.sub(lambda match: pack.to_javascript_literal(values[match[1]]), script)


def pack_tables(build: Build) -> dict[str, Any]:
    """Pack the tables of an edition's bundles; return them by their names in the runtime."""
    api = build.api
    names, shared_prefix = pack.pack_names_for_javascript(
        api, pack.sort_for_gzip if build.is_production else pack.sort_by_namespace
    )
    values: dict[str, Any] = {
        "NAMES": names,
        "SHARED_PREFIX": shared_prefix,
        "LIMITS": pack.find_results_limits(api),
    }
    values["OMITTED"] = pack.list_omitted(api)
    if not build.is_production:
        values |= {name.upper(): table for name, table in pack_details(api).items()}
    return values
