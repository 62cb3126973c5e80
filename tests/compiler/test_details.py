"""The texts of methods in the development editions are the same after packing and unpacking."""

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
    return Details({"names": pack_details.join_method_names(api)} | pack_details.pack_details(api))


def _list_texts(errors: tuple[ApiError, ...]) -> dict[int, str]:
    return {error.code: error.explanation or error.message for error in errors}


@pytest.mark.parametrize("path", reflections(), ids=lambda path: str(path.name))
def test_every_text_reaches_python(path: Path) -> None:
    api, details = parse.read(path), _details(path)
    assert details.errors == _list_texts(api.shared_errors)
    for method in api.methods:
        details_of_method = details.method(method.name)
        assert details_of_method
        assert details_of_method.description == method.description
        assert details_of_method.required == {a.name: a.description for a in method.required}
        assert details_of_method.optional == {a.name: a.description for a in method.optional}
        assert details_of_method.errors == _list_texts(method.errors)


@pytest.mark.parametrize("path", reflections(), ids=lambda path: str(path.name))
def test_each_rule_reaches_its_arguments(path: Path) -> None:
    details = _details(path)
    for method in parse.read(path).methods:
        details_of_method = details.method(method.name)
        assert details_of_method
        assert details_of_method.rules == {
            a.name: _find_rule(method, a.name) for a in method.arguments
        }


def _find_rule(method: Method, argument: str) -> str:
    """Return the supplement's rule for a method's argument, or else its rule for all methods."""
    values = load_supplement()["values"]
    own = values["own"].get(method.name, {})
    match own[argument] if argument in own else values["shared"].get(argument):
        case {"integer": [least, most]}:
            return f"#{least},{'' if most is None else most}"
        case {"number": [least, most]}:
            return f".{least},{most}"
        case {"one_of": operands}:
            return "=" + ",".join(operands)
        case {"list_of": operands}:
            return "," + ",".join(operands)
        case {"seconds": True}:
            return "@"
    return ""
