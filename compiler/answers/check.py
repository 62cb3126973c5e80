"""Check that the names in the types of answers are defined, and that each field is declared once."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.answers.model import Alias, Answers, Reference, Shape, iterate_types
from compiler.answers.source import InvalidAnswers


def check(answers: Answers, places: Mapping[str, str]) -> None:
    """Check all definitions and methods; `places` has the place of each in the files.

    Raises `InvalidAnswers` for the first fault.
    """
    for name, definition in answers.definitions.items():
        type_ = definition.type if isinstance(definition, Alias) else definition
        for each in iterate_types(type_):
            if isinstance(each, Reference):
                _require_defined(answers, each.name, places[name])
    for definition in answers.definitions.values():
        if isinstance(definition, Shape):
            _check_fields(answers, definition, places[definition.name])
    for method, name in answers.methods.items():
        _require_defined(answers, name, places[method])
        if not isinstance(answers.resolve(Reference(name)), Shape):
            raise InvalidAnswers(f"{places[method]}: an answer is an object, and {name} is not")


def _require_defined(answers: Answers, name: str, place: str) -> None:
    if name not in answers.definitions:
        raise InvalidAnswers(f"{place}: unknown type {name!r}: define it, or correct the name")


def _check_fields(answers: Answers, shape: Shape, place: str) -> None:
    owners: dict[str, str] = {}
    inherited = [
        (name, base.name)
        for base in shape.bases
        for name in answers.list_fields(answers.find_shape(base.name))
    ]
    for name, owner in [*inherited, *((field.name, "it") for field in shape.fields)]:
        if name in owners:
            raise InvalidAnswers(
                f"{place}.{name}: declared by {owners[name]} already: declare it once"
            )
        owners[name] = owner
