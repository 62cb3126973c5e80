"""Format the types of answers in Python, as typed dictionaries."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from compiler.answers.model import (
    Alias,
    Answers,
    Field,
    ListOf,
    Literal,
    Primitive,
    Reference,
    Shape,
    Type,
    Union,
    iterate_types,
)
from compiler.pack import to_python_literal

WIDTH = 100
UNKNOWN = "dict[str, object]"
_PRIMITIVES = {
    "string": "str",
    "integer": "int",
    "number": "int | float",
    "boolean": "bool",
    "null": "None",
    "unknown": "object",
}


def format_answer(answers: Answers, method: str, prefix: str) -> str:
    """Return the type of a method's answer; `prefix` stands before the name."""
    return prefix + answers.methods[method] if method in answers.methods else UNKNOWN


def format_item(answers: Answers, method: str, prefix: str) -> str:
    """Return the type of the items that a method lists; `prefix` stands before a name."""
    item = answers.find_item(method) if method in answers.methods else None
    if isinstance(item, Reference):
        return prefix + item.name
    return UNKNOWN if item is None else format_type(item)


def format_definitions(answers: Answers, quoted: bool) -> list[tuple[str, list[str]]]:
    """Return the title of each section, and the texts of its definitions.

    An object in a field follows the shape that has the field. In a module, names of types are `quoted`,
    because some are defined below.
    """
    in_unions = _find_alternatives(answers)
    return [
        (
            section.title,
            [
                _format_alias(each)
                if isinstance(each, Alias)
                else _format_shape(answers, each, each.name in in_unions, quoted)
                for definition in section.definitions
                for each in _with_inner_shapes(definition)
            ],
        )
        for section in answers.sections
    ]


def format_type(type_: Type) -> str:
    """Return a type."""
    if isinstance(type_, Primitive):
        return _PRIMITIVES[type_.name]
    if isinstance(type_, Literal):
        return f"Literal[{to_python_literal(type_.value)}]"
    if isinstance(type_, ListOf):
        return f"list[{format_type(type_.item)}]"
    if not isinstance(type_, Union):
        return type_.name
    values = [to_python_literal(each.value) for each in type_.members if isinstance(each, Literal)]
    others = [format_type(each) for each in type_.members if not isinstance(each, Literal)]
    return " | ".join([*([f"Literal[{', '.join(values)}]"] if values else []), *others])


def escape_docstring(text: str) -> str:
    """Return a text for a docstring, which it cannot end."""
    plain = re.sub(r"[\s\0]+", " ", text).replace("\\", "\\\\").replace('"""', "'''")
    return plain + "." * plain.endswith('"')


def _with_inner_shapes(definition: Shape | Alias) -> Iterator[Shape | Alias]:
    yield definition
    type_ = definition.type if isinstance(definition, Alias) else definition
    yield from (
        each for each in iterate_types(type_) if isinstance(each, Shape) and each is not definition
    )


def _find_alternatives(answers: Answers) -> set[str]:
    """Return the names of shapes of which a field has one or another, and that no shape extends.

    They are final, so that type checkers tell them apart by their keys.
    """
    shapes = [each for each in answers.definitions.values() if isinstance(each, Shape)]
    unions = [each for shape in shapes for each in iterate_types(shape) if isinstance(each, Union)]
    names = {
        member.name
        for union in unions
        for member in union.members
        if isinstance(member, Reference) and isinstance(answers.definitions[member.name], Shape)
    }
    return names - {base.name for shape in shapes for base in shape.bases}


def _format_alias(alias: Alias) -> str:
    text = f"{alias.name}: TypeAlias = {format_type(alias.type)}"
    return "\n".join([text, *_format_docstring(alias.doc, "")])


def _format_shape(answers: Answers, shape: Shape, is_final: bool, quoted: bool) -> str:
    if shape.others:
        text = f"{shape.name}: TypeAlias = dict[str, {format_type(shape.others)}]"
        return "\n".join([text, *_format_docstring(shape.doc, "")])
    bases = [base.name for base in shape.bases if not base.partial] or ["TypedDict"]
    lines = ["@final"] if is_final else []
    lines.append(f"class {shape.name}({', '.join(bases)}):")
    fields = list(_list_fields(answers, shape))
    lines += _format_docstring(shape.doc, "    ")
    if shape.doc and fields:
        lines.append("")
    for field in fields:
        type_ = format_type(field.type)
        if quoted and any(
            isinstance(each, Reference | Shape) for each in iterate_types(field.type)
        ):
            type_ = f'"{_quote(type_)}"'
        lines.append(f"    {field.name}: " + (f"NotRequired[{type_}]" if field.optional else type_))
        lines += _format_docstring(field.doc, "    ")
    if not shape.doc and not fields:
        lines.append("    pass")
    return "\n".join(lines)


def _list_fields(answers: Answers, shape: Shape) -> Iterator[Field]:
    """Yield the fields to declare: its own, and those that are optional here and not in the base."""
    for base in shape.bases:
        if base.partial:
            for field in answers.list_fields(answers.find_shape(base.name)).values():
                yield Field(field.name, field.type, True, field.doc)
    yield from shape.fields


def _format_docstring(doc: str, indent: str) -> list[str]:
    if not doc:
        return []
    text = f'"""{escape_docstring(doc)}"""'
    if len(indent) + len(text) <= WIDTH:
        return [indent + text]
    lines = textwrap.wrap(text, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    return [indent + line for line in lines]


def _quote(text: str) -> str:
    return text.replace('"', "'")
