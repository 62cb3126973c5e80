"""Render the reflection as the sandbox reads it: data, which holds no code of the client's."""

from __future__ import annotations

import json
from pathlib import Path

from compiler.model import Api, ApiError, Method
from compiler.supplement import answered_without
from compiler.templates import generated

GENERATED = Path(__file__).parent.parent / "flickr_sandbox" / "_generated"


def reflection(api: Api) -> dict[str, str]:
    """`reflection.json` of `flickr_sandbox/_generated`, a method a line, by file name."""
    head = {
        "generated": generated(api, "python -m compiler all"),
        "errors": _errors(api.shared_errors),
    }
    lines = ",\n".join(_dumped(_method(method)) for method in api.methods)
    return {"reflection.json": f'{_dumped(head)[:-1]}, "methods": [\n{lines}\n]}}\n'}


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


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
