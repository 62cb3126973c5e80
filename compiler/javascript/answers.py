"""Format the types of answers in TypeScript."""

from __future__ import annotations

import json
import re
import textwrap

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
)

WIDTH = 100
_PRIMITIVES = {"integer": "number"}


def format_answer(answers: Answers, method: str) -> str:
    """Return the type of a method's answer, for a member of the client."""
    return f"Flickr.{answers.methods.get(method, 'Answer')}"


def format_item(answers: Answers, method: str) -> str:
    """Return the type of the items that a method lists, for a member of the client."""
    item = answers.find_item(method) if method in answers.methods else None
    return format_type(item, prefix="Flickr.") if item else "Flickr.Item"


def format_alias(alias: Alias, indent: str) -> str:
    """Return the declaration of an alias, with long unions on several lines."""
    text = f"{indent}export type {alias.name} = {format_type(alias.type)};"
    if len(text) <= WIDTH:
        return text
    inner = indent + "  "
    members = textwrap.fill(
        format_type(alias.type) + ";",
        WIDTH,
        initial_indent=inner + "| ",
        subsequent_indent=inner,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{indent}export type {alias.name} =\n{members}"


def format_bases(shape: Shape) -> str:
    """Return the clause of an interface that names its bases, empty without any."""
    return f" extends {', '.join(_list_bases(shape))}" if shape.bases else ""


def format_fields(shape: Shape, indent: str) -> str:
    """Return the declarations of a shape's own fields, one below the other, with their comments."""
    lines = []
    for field in shape.fields:
        if doc := _find_doc(field):
            lines.append(format_comment(doc, indent))
        lines.append(f"{indent}{_format_field(field, indent)};")
    if shape.others:
        lines.append(f"{indent}[name: string]: {format_type(shape.others, indent)};")
    return "\n".join(lines)


def format_type(type_: Type, indent: str = "", prefix: str = "") -> str:
    """Return a type; an object in it that needs several lines continues at `indent`."""
    if isinstance(type_, Primitive):
        return _PRIMITIVES.get(type_.name, type_.name)
    if isinstance(type_, Literal):
        return json.dumps(type_.value)
    if isinstance(type_, Reference):
        return prefix + type_.name
    if isinstance(type_, Union):
        return " | ".join(format_type(member, indent, prefix) for member in type_.members)
    if isinstance(type_, ListOf):
        item = format_type(type_.item, indent, prefix)
        is_single = not isinstance(type_.item, Union) and not (
            isinstance(type_.item, Shape) and type_.item.bases
        )
        return f"{item}[]" if is_single else f"({item})[]"
    return " & ".join([*_list_bases(type_), _format_object(type_, indent)])


def format_comment(text: str, indent: str) -> str:
    """Return a JSDoc comment, on several lines if it is long; `text` cannot end it."""
    plain = escape_comment(text)
    if len(indent) + len(plain) + len("/**  */") <= WIDTH:
        return f"{indent}/** {plain} */"
    lines = textwrap.wrap(
        plain, WIDTH - len(indent) - 3, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"])


def escape_comment(text: str) -> str:
    """Return `text` for a JSDoc comment, which it cannot end."""
    return re.sub(r"[\s\0]+", " ", text).strip().replace("*/", "*\\/")


def _list_bases(shape: Shape) -> list[str]:
    return [f"Partial<{base.name}>" if base.partial else base.name for base in shape.bases]


def _find_doc(field: Field) -> str:
    """Return the documentation of a field, or of the object in it."""
    return field.doc or (field.type.doc if isinstance(field.type, Shape) else "")


def _format_field(field: Field, indent: str) -> str:
    return f"{field.name}{'?' * field.optional}: {format_type(field.type, indent)}"


def _format_object(shape: Shape, indent: str) -> str:
    """Return an object type, in one line if it is short and has no comments."""
    fields = "; ".join(_format_field(field, indent) for field in shape.fields)
    has_comments = any(map(_find_doc, shape.fields))
    is_short = "\n" not in fields and len(fields) < WIDTH - len(indent) - 20
    if is_short and not has_comments and not shape.others:
        return f"{{ {fields} }}"
    return f"{{\n{format_fields(shape, indent + '  ')}\n{indent}}}"
