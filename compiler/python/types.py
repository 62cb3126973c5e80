"""Render the Python type stubs, synchronous and awaited, from one template."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection
from functools import partial

from compiler.build import Build, render
from compiler.pack import page_sizes
from compiler.reflect.model import Api, Argument, Method


def python_stub(build: Build) -> str:
    """Return the stub of the one-file `pyflickr_web`."""
    return _render("pyflickr_web.pyi.j2", build, awaited=True, extra="")


def signatures(build: Build) -> dict[str, str]:
    """Return the signatures of the installed package's clients, by file name.

    They take `authenticated` too, and differ in nothing but that one's calls are awaited and its
    listings asynchronous.
    """
    return {
        name: _render("signatures.pyi.j2", build, awaited, "authenticated: bool | None = None")
        for name, awaited in (("awaited.pyi", True), ("threaded.pyi", False))
    }


def _render(template: str, build: Build, awaited: bool, extra: str) -> str:
    api = build.api
    return render(
        f"types/{template}",
        header=build.header,
        methods=api.methods,
        spaces=_spaces(api),
        kind=_kind,
        text=_text,
        parameters=partial(_parameters, extra=extra),
        listing_methods=frozenset(page_sizes(api)),
        define="async def" if awaited else "def",
        iterator="AsyncIterator" if awaited else "Iterator",
        step="__anext__" if awaited else "__next__",
        close="aclose" if awaited else "close",
    )


def _kind(name: str) -> str:
    """Return the class of a method or a namespace: `_PhotosSearch` for `flickr.photos.search`."""
    return "_" + "".join(part[0].upper() + part[1:] for part in name.split(".")[1:])


def _text(description: str) -> str:
    """Return a description for a docstring, which nothing in it can end."""
    plain = re.sub(r"[\s\0]+", " ", description).replace("\\", "\\\\").replace('"""', "'''")
    return plain + "." * plain.endswith('"')


def _parameters(method: Method, extra: str) -> str:
    taken = {"self", extra.partition(":")[0]}
    named = [a for a in (*method.required, *method.optional) if _is_name(a.name, taken)]
    parameters = [*map(_parameter, named), *([extra] if extra else [])]
    return ", ".join([", *", *parameters]) if parameters else ""


def _parameter(argument: Argument) -> str:
    return f"{argument.name}: " + ("_Text = None" if argument.optional else "_Required")


def _is_name(name: str, taken: Collection[str] = ()) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and name not in taken


def _spaces(api: Api) -> dict[str, dict[str, str]]:
    """Return the members of each namespace, by name: classes of methods and of inner namespaces.

    Names that Python does not allow after a dot, `flickr.photos.import`, are left out.
    """
    spaces: dict[str, dict[str, str]] = {"": {}}
    for method in api.methods:
        parts = method.name.split(".")[1:]
        for depth in range(1, len(parts)):
            outer, space = ".".join(parts[: depth - 1]), ".".join(parts[:depth])
            spaces.setdefault(space, {})
            spaces[outer][parts[depth - 1]] = _kind(f"flickr.{space}") + "Namespace"
        spaces[".".join(parts[:-1])][parts[-1]] = _kind(method.name)
    return {
        space: {name: kind for name, kind in members.items() if _is_name(name)}
        for space, members in spaces.items()
    }
