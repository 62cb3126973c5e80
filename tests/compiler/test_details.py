"""The texts of methods in the development editions, packed and read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler import pack_details
from compiler.reflect import parse
from compiler.reflect.model import ApiError, Method
from compiler.reflect.supplement import load_supplement
from pyflickr_web.core.details import Details
from tests.support.repository import reflections


def _details(path: Path) -> Details:
    api = parse.read(path)
    return Details({"names": pack_details.method_names(api)} | pack_details.details(api))


def _told(errors: tuple[ApiError, ...]) -> dict[int, str]:
    return {error.code: error.explanation or error.message for error in errors}


@pytest.mark.parametrize("path", reflections(), ids=lambda path: str(path.name))
def test_every_text_reaches_python(path: Path) -> None:
    api, details = parse.read(path), _details(path)
    assert details.errors == _told(api.shared_errors)
    for method in api.methods:
        told = details.method(method.name)
        assert told
        assert told.description == method.description
        assert told.required == {a.name: a.description for a in method.required}
        assert told.optional == {a.name: a.description for a in method.optional}
        assert told.errors == _told(method.errors)


@pytest.mark.parametrize("path", reflections(), ids=lambda path: str(path.name))
def test_a_rule_reaches_the_arguments_that_it_is_for(path: Path) -> None:
    details = _details(path)
    for method in parse.read(path).methods:
        told = details.method(method.name)
        assert told
        assert told.rules == {a.name: _rule(method, a.name) for a in method.arguments}


def _rule(method: Method, argument: str) -> str:
    """The rule as the supplement has it, an argument's own one before the shared one."""
    values = load_supplement()["values"]
    own = values["own"].get(method.name, {})
    match own[argument] if argument in own else values["shared"].get(argument):
        case {"integer": [least, most]}:
            return f"#{least},{'' if most is None else most}"
        case {"number": [least, most]}:
            return f".{least},{most}"
        case {"one_of": known}:
            return "=" + ",".join(known)
        case {"list_of": known}:
            return "," + ",".join(known)
        case {"seconds": True}:
            return "@"
    return ""
