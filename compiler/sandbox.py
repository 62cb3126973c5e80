"""Render the reflection as the sandbox reads it: data, which holds no code of the client's."""

from __future__ import annotations

import json
from pathlib import Path

from compiler.build import Build
from compiler.reflect.model import ApiError, Method
from compiler.reflect.supplement import answered_without

GENERATED = Path(__file__).parent.parent / "flickr_sandbox" / "_generated"


def reflection(build: Build) -> dict[str, str]:
    """Return `reflection.json` of `flickr_sandbox/_generated`, a method a line, by file name."""
    head = {
        "generated": build.header,
        "errors": _errors(build.api.shared_errors),
    }
    lines = ",\n".join(_dump(_method(method)) for method in build.api.methods)
    return {"reflection.json": f'{_dump(head)[:-1]}, "methods": [\n{lines}\n]}}\n'}


def _method(method: Method) -> dict[str, object]:
    without = answered_without(method)
    return {
        "name": method.name,
        "needslogin": method.security.needslogin,
        "needssigning": method.security.needssigning,
        "requiredperms": method.security.requiredperms,
        "description": method.description,
        "arguments": [[a.name, a.optional, a.description] for a in method.arguments],
        "errors": _errors(method.errors),
    } | ({"answered_without": without} if without else {})


def _errors(errors: tuple[ApiError, ...]) -> list[list[object]]:
    return [[error.code, error.message, error.explanation] for error in errors]


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
