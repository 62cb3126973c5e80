"""Render the JavaScript bundles: the linked runtime and the tables, placed by Jinja templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from compiler import pack
from compiler.javascript.link import link, without_hooks
from compiler.javascript.minify import minify_javascript
from compiler.order import ordered
from compiler.pack_details import details
from compiler.reflect.model import Api
from compiler.reflect.problems import CompilerError
from compiler.templates import TEMPLATES, environment, generated

RUNTIME = TEMPLATES / "javascript" / "runtime"
_PLACE = re.compile(r"[\"'`]@(\w+)@[\"'`]")


def javascript(api: Api, edition: str) -> dict[str, str]:
    """The classic script and the ES module of an edition, by file name."""
    values = tables(api, edition)
    runtime = link(_runtime_modules(edition, values), f"{edition}.js")
    infix = "" if edition == "production" else ".dev"
    line = generated(api, f"python -m compiler {edition}")
    outputs = {}
    for kind in ("js", "mjs"):
        name = f"flickrapi{infix}.{kind}"
        template = environment().get_template(f"javascript/bundle.{kind}.j2")
        script = _minified(template.render(runtime=runtime), name)
        outputs[name] = f"/* {line} */\n{_place(script, values)}\n"
    return outputs


def _minified(text: str, name: str) -> str:
    """Minify a bundle; if it is not JavaScript, the error names the module at fault."""
    try:
        return minify_javascript(text, name)
    except CompilerError:
        for module in sorted(RUNTIME.glob("*.js")):
            minify_javascript(module.read_text("utf-8"), module.name)
        raise


def _place(text: str, values: Mapping[str, Any]) -> str:
    """`text` with the tables in their places."""
    return _PLACE.sub(lambda place: pack.literal(values[place[1]]), text)


def _runtime_modules(edition: str, names: Iterable[str]) -> dict[str, str]:
    """The runtime's modules; in the module of the tables there are places for the literals.

    A minifier undoes escapes in literals, so they are placed behind it.
    """
    modules = {path.name: path.read_text("utf-8") for path in sorted(RUNTIME.glob("*.js"))}
    modules["table.js"] = (
        environment().get_template("javascript/table.js.j2").render(names=list(names))
    )
    return without_hooks(modules) if edition == "production" else modules


def tables(api: Api, edition: str) -> dict[str, Any]:
    """The tables that the bundles of an edition carry, by the name that the runtime knows."""
    names, lost = pack.names(api, ordered if edition == "production" else pack.by_space)
    values: dict[str, Any] = {"NAMES": names, "SHARED_PREFIX": lost, "LIMITS": pack.limits(api)}
    values["OMITTED"] = pack.omitted(api)
    if edition == "dev":
        values |= {name.upper(): table for name, table in details(api).items()}
    return values
