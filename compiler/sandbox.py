"""Render the reflection as data for the sandbox, which shares no code with the client."""

from __future__ import annotations

import json
from pathlib import Path

from compiler.build import Build
from compiler.reflect.model import ApiError, Method
from compiler.reflect.supplement import list_not_required

GENERATED = Path(__file__).parent.parent / "flickr_sandbox" / "_generated"


def render_reflection(build: Build) -> dict[str, str]:
    """Render `reflection.json` of `flickr_sandbox/_generated`, with a line for each method."""
    head = {
        "generated": build.header,
        "errors": _list_errors(build.api.shared_errors),
    }
    lines = ",\n".join(_dump(_describe_method(method)) for method in build.api.methods)
    return {"reflection.json": f'{_dump(head)[:-1]}, "methods": [\n{lines}\n]}}\n'}


def _describe_method(method: Method) -> dict[str, object]:
    not_required = list_not_required(method)
    return {
        "name": method.name,
        "needslogin": method.security.needslogin,
        "needssigning": method.security.needssigning,
        "requiredperms": method.security.requiredperms,
        "description": method.description,
        "arguments": [[a.name, a.optional, a.description] for a in method.arguments],
        "errors": _list_errors(method.errors),
    } | ({"not_required": not_required} if not_required else {})


def _list_errors(errors: tuple[ApiError, ...]) -> list[list[object]]:
    return [[error.code, error.message, error.explanation] for error in errors]


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
