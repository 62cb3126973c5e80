"""Render the TypeScript declarations."""

from __future__ import annotations

from functools import partial
from typing import Any

from compiler.answers.model import Alias
from compiler.answers.parse import read_answers
from compiler.argument_types import list_extras
from compiler.build import Build, render
from compiler.javascript import answers as format_answers
from compiler.javascript.arguments import format_argument, format_choice
from compiler.pack import find_page_sizes
from compiler.reflect.model import Api, Argument, Method


def render_declaration_files(build: Build) -> dict[str, str]:
    """Render the declarations of all bundles; return their texts by file name.

    `flickrapi.d.ts` has them all. The others refer to it: the condition `development` of the npm package
    must not change the types.
    """
    texts = {"flickrapi.d.ts": render_declarations(build)}
    texts["flickrapi.dev.d.ts"] = render("types/flickrapi.dev.d.ts.j2", header=build.header)
    for script in ("flickrapi", "flickrapi.dev"):
        texts[f"{script}.d.mts"] = render(
            "types/flickrapi.d.mts.j2", header=build.header, script=script
        )
    return texts


def render_declarations(build: Build) -> str:
    """Render the declarations: the tree of namespaces, and the types of arguments and answers."""
    answers = read_answers()
    return render(
        "types/flickrapi.d.ts.j2",
        header=build.header,
        tree=_build_tree(build.api),
        listing_methods=frozenset(find_page_sizes(build.api)),
        answers=answers,
        answer_type=partial(format_answers.format_answer, answers),
        item_type=partial(format_answers.format_item, answers),
        format=_FORMAT,
        is_alias=_is_alias,
        comment=format_answers.escape_comment,
        arguments=_list_arguments,
        interface=_name_interface,
        extras=format_choice(list_extras()),
    )


_FORMAT = {
    "alias": format_answers.format_alias,
    "bases": format_answers.format_bases,
    "comment": format_answers.format_comment,
    "fields": format_answers.format_fields,
}


def _is_alias(definition: object) -> bool:
    return isinstance(definition, Alias)


def _name_interface(name: str) -> str:
    return "".join(part[0].upper() + part[1:] for part in name.split(".")[1:]) + "Arguments"


def _list_arguments(method: Method) -> list[tuple[str, Argument, str]]:
    """List the arguments of a method with their names, with `?` if optional, and their types."""
    return [
        (f"{a.name}{'?' * a.optional}", a, format_argument(method.name, a))
        for a in (*method.required, *method.optional)
    ]


def _build_tree(api: Api) -> dict[str, Any]:
    """Return namespaces as nested dictionaries, with methods as leaves."""
    tree: dict[str, Any] = {}
    for method in api.methods:
        *spaces, name = method.name.split(".")[1:]
        node = tree
        for space in spaces:
            node = node.setdefault(space, {})
        node[name] = method
    return tree
