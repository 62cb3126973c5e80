"""The model of answers, from which the types in TypeScript and Python are rendered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PRIMITIVES = ("string", "integer", "number", "boolean", "null", "unknown")


@dataclass(frozen=True, slots=True)
class Primitive:
    """A type of JSON, by a name of `PRIMITIVES`; an integer is a number without a fraction."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A single value: a text or a number."""

    value: str | int


@dataclass(frozen=True, slots=True)
class Reference:
    """A type by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of items of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class Union:
    """One of several types."""

    members: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object; `optional` if it may be missing."""

    name: str
    type: Type
    optional: bool = False
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """A shape whose fields another shape has too; all of them optional if `partial`."""

    name: str
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its fields after those of its bases, and the type of all `others`, if it has any.

    A shape without a name of its own in the source is named after its place: `PhotoInfoDates`.
    """

    name: str
    bases: tuple[Base, ...] = ()
    fields: tuple[Field, ...] = ()
    others: Type | None = None
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a type that is not an object."""

    name: str
    type: Type
    doc: str = ""


Type = Primitive | Literal | Reference | ListOf | Union | Shape
Definition = Shape | Alias


@dataclass(frozen=True, slots=True)
class Section:
    """The definitions of a file, with its title, in its order."""

    title: str
    definitions: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """All definitions, and the name of each method's answer, by method."""

    sections: tuple[Section, ...]
    definitions: Mapping[str, Definition]
    methods: Mapping[str, str]

    def resolve(self, type_: Type) -> Type:
        """Return the type that a name or an alias stands for, or `type_` itself."""
        while isinstance(type_, Reference):
            definition = self.definitions[type_.name]
            type_ = definition.type if isinstance(definition, Alias) else definition
        return type_

    def list_fields(self, shape: Shape) -> dict[str, Field]:
        """Return the fields of a shape and of its bases, by name."""
        found: dict[str, Field] = {}
        for base in shape.bases:
            for name, field in self.list_fields(self.find_shape(base.name)).items():
                optional = field.optional or base.partial
                found[name] = Field(name, field.type, optional, field.doc)
        return found | {field.name: field for field in shape.fields}

    def find_shape(self, name: str) -> Shape:
        """Return the shape of a name, which may be an alias of it."""
        shape = self.resolve(Reference(name))
        assert isinstance(shape, Shape)
        return shape

    def find_item(self, method: str) -> Type | None:
        """Return the type of the items that a method lists, or None if the answer has no list.

        The client finds them in the same way: `find_items` in `pyflickr_web/core/paging.py`.
        """
        fields = self.list_fields(self.find_shape(self.methods[method]))
        parts = [self._list_parts(fields[name].type) for name in sorted(fields)]
        for name in ("who", "photo"):
            if name in fields and "tags" in (inner := self._list_parts(fields[name].type)):
                parts.append(self._list_parts(inner["tags"].type))
        found: list[tuple[bool, Type]] = []
        for part in parts:
            lists = [self.resolve(part[name].type) for name in sorted(part)]
            items = [type_.item for type_ in lists if isinstance(type_, ListOf)]
            found += [("page" in part, item) for item in items[:1]]
        paged = [item for has_page, item in found if has_page]
        return paged[-1] if paged else found[0][1] if found else None

    def _list_parts(self, type_: Type) -> dict[str, Field]:
        shape = self.resolve(type_)
        return self.list_fields(shape) if isinstance(shape, Shape) else {}


def iterate_types(type_: Type) -> Iterator[Type]:
    """Yield a type and all types in it, without following names."""
    yield type_
    inner: tuple[Type, ...] = ()
    if isinstance(type_, ListOf):
        inner = (type_.item,)
    elif isinstance(type_, Union):
        inner = type_.members
    elif isinstance(type_, Shape):
        inner = tuple(field.type for field in type_.fields)
        inner += (type_.others,) if type_.others else ()
    for each in inner:
        yield from iterate_types(each)
