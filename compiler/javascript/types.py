"""Render the TypeScript declarations."""

from __future__ import annotations

import re
from typing import Any

from compiler.build import TEMPLATES, Build, render
from compiler.reflect.model import Api, Argument, Method

_ANSWER = re.compile(r'^\s*"(flickr\.[\w.]+)":', re.M)


def render_declarations(build: Build) -> str:
    """Render the declarations: the tree of namespaces, and the hand-written types of answers."""
    answers = (TEMPLATES / "types" / "answers.d.ts").read_text("utf-8")
    _, _, table = answers.partition("export interface Answers")
    return render(
        "types/flickrapi.d.ts.j2",
        header=build.header,
        tree=_build_tree(build.api),
        typed=frozenset(_ANSWER.findall(table)),
        answers="\n".join(f"  {line}".rstrip() for line in answers.strip().splitlines()),
        comment=escape_comment,
        fields=_list_fields,
        interface=_name_interface,
    )


def escape_comment(text: str) -> str:
    """Return `text` for a JSDoc comment, which it cannot end."""
    return re.sub(r"[\s\0]+", " ", text).strip().replace("*/", "*\\/")


def _name_interface(name: str) -> str:
    return "".join(part[0].upper() + part[1:] for part in name.split(".")[1:]) + "Arguments"


def _list_fields(method: Method) -> list[tuple[str, Argument]]:
    return [(f"{a.name}{'?' * a.optional}", a) for a in (*method.required, *method.optional)]


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
