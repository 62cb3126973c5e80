"""Render the TypeScript declarations."""

from __future__ import annotations

import re
from typing import Any

from compiler.build import TEMPLATES, Build, render
from compiler.reflect.model import Api, Argument, Method

_ANSWER = re.compile(r'^\s*"(flickr\.[\w.]+)":', re.M)


def declarations(build: Build) -> str:
    """Return the TypeScript declarations: a tree of namespaces, and the hand-written answers."""
    answers = (TEMPLATES / "types" / "answers.d.ts").read_text("utf-8")
    _, _, table = answers.partition("export interface Answers")
    return render(
        "types/flickrapi.d.ts.j2",
        header=build.header,
        tree=_tree(build.api),
        typed=frozenset(_ANSWER.findall(table)),
        answers="\n".join(f"  {line}".rstrip() for line in answers.strip().splitlines()),
        comment=comment,
        fields=_fields,
        interface=_interface,
    )


def comment(text: str) -> str:
    """Return `text` for a JSDoc comment, which nothing in it can end."""
    return re.sub(r"[\s\0]+", " ", text).strip().replace("*/", "*\\/")


def _interface(name: str) -> str:
    return "".join(part[0].upper() + part[1:] for part in name.split(".")[1:]) + "Arguments"


def _fields(method: Method) -> list[tuple[str, Argument]]:
    return [(f"{a.name}{'?' * a.optional}", a) for a in (*method.required, *method.optional)]


def _tree(api: Api) -> dict[str, Any]:
    """Namespaces as nested dictionaries, with a `Method` at the end of each name."""
    tree: dict[str, Any] = {}
    for method in api.methods:
        *spaces, name = method.name.split(".")[1:]
        node = tree
        for space in spaces:
            node = node.setdefault(space, {})
        node[name] = method
    return tree
