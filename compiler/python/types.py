"""Render the Python type stubs, synchronous and asynchronous, from one template."""

from __future__ import annotations

import keyword
from collections.abc import Collection
from functools import partial

from compiler.answers.parse import read_answers
from compiler.argument_types import list_extras
from compiler.build import Build, render
from compiler.pack import find_page_sizes
from compiler.python import answers as format_answers
from compiler.python.answers import escape_docstring
from compiler.python.arguments import format_argument, format_literal
from compiler.reflect.model import Api, Argument, Method


def render_stub(build: Build) -> str:
    """Render the stub of the single-file module `pyflickr_web`."""
    return _render("pyflickr_web.pyi.j2", build, awaited=True, extra="", prefix="")


def render_signatures(build: Build) -> dict[str, str]:
    """Render the signatures of the installed package's two clients; return their texts by file name.

    These also have the argument `authenticated`. The two only differ in calls, which are awaited in one
    client, and in listings, which are asynchronous in it.
    """
    return {
        name: _render(
            "signatures.pyi.j2", build, awaited, "authenticated: bool | None = None", "answers."
        )
        for name, awaited in (("awaited.pyi", True), ("threaded.pyi", False))
    }


def render_answers(build: Build) -> dict[str, str]:
    """Render the module of the installed package with the types of answers; return it by file name."""
    answers = read_answers()
    names = sorted(answers.definitions)
    types = format_answers.format_definitions(answers, quoted=True)
    text = render(
        "types/answers_module.py.j2", header=build.header, names=names, answer_types=types
    )
    return {"answers.py": text}


def _render(template: str, build: Build, awaited: bool, extra: str, prefix: str) -> str:
    """Render a stub; `extra` is a parameter of all methods, `prefix` stands before types of answers."""
    api, answers = build.api, read_answers()
    return render(
        f"types/{template}",
        header=build.header,
        methods=api.methods,
        spaces=_list_members(api),
        kind=_name_class,
        extras=format_literal(list_extras()),
        text=escape_docstring,
        parameters=partial(_format_parameters, extra=extra),
        listing_methods=frozenset(find_page_sizes(api)),
        call_methods=sorted(answers.methods),
        unknown=format_answers.UNKNOWN,
        answer_types=format_answers.format_definitions(answers, quoted=False),
        answer_type=partial(format_answers.format_answer, answers, prefix=prefix),
        item_type=partial(format_answers.format_item, answers, prefix=prefix),
        define="async def" if awaited else "def",
        iterator="AsyncIterator" if awaited else "Iterator",
        step="__anext__" if awaited else "__next__",
        close="aclose" if awaited else "close",
    )


def _name_class(name: str) -> str:
    """Return the name of the class of a method or namespace: `_PhotosSearch`."""
    return "_" + "".join(part[0].upper() + part[1:] for part in name.split(".")[1:])


def _format_parameters(method: Method, extra: str) -> str:
    reserved = {"self", extra.partition(":")[0]}
    arguments = [a for a in (*method.required, *method.optional) if _is_name(a.name, reserved)]
    parameters = [_format_parameter(method, each) for each in arguments] + [extra] * bool(extra)
    return ", ".join([", *", *parameters]) if parameters else ""


def _format_parameter(method: Method, argument: Argument) -> str:
    default = " = None" if argument.optional else ""
    return f"{argument.name}: {format_argument(method.name, argument)}{default}"


def _is_name(name: str, reserved: Collection[str] = ()) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and name not in reserved


def _list_members(api: Api) -> dict[str, dict[str, str]]:
    """Return the members of each namespace: the classes of methods and inner namespaces, by name.

    Keywords are omitted, since Python does not allow them after a dot: `flickr.photos.import`.
    """
    spaces: dict[str, dict[str, str]] = {"": {}}
    for method in api.methods:
        parts = method.name.split(".")[1:]
        for depth in range(1, len(parts)):
            outer, space = ".".join(parts[: depth - 1]), ".".join(parts[:depth])
            spaces.setdefault(space, {})
            spaces[outer][parts[depth - 1]] = _name_class(f"flickr.{space}") + "Namespace"
        spaces[".".join(parts[:-1])][parts[-1]] = _name_class(method.name)
    return {
        space: {name: kind for name, kind in members.items() if _is_name(name)}
        for space, members in spaces.items()
    }
