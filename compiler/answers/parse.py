"""Read the types of Flickr's answers from `reflection/answers/*.json`.

Each file has a `title`, `types` by name, and the type of each answer in `methods`. A type is a text
(see `expressions.py`), a list with the type of its items, or an object with the types of its fields. A
field that ends in `?` may be missing; `*` stands for all others. `// …` after a type documents it; in
an object `$doc` does, and `$extends` names the shapes whose fields it also has (`Name?`: all optional).
`url_{ExtraSize}` stands for a field for each text of the type in braces.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from compiler.answers.check import check
from compiler.answers.expressions import TYPE_NAME, InvalidType, parse_type
from compiler.answers.model import (
    Alias,
    Answers,
    Base,
    Definition,
    Field,
    ListOf,
    Literal,
    Reference,
    Section,
    Shape,
    Type,
    Union,
    iterate_types,
)
from compiler.answers.source import InvalidAnswers, parse_file, require
from compiler.reflect.model import METHOD_NAME

FOLDER = Path(__file__).parents[1] / "reflection" / "answers"
# The file whose shapes the others may extend.
COMMON = "common.json"
_BUILTIN_TYPES = frozenset(
    name
    for name, value in vars(builtins).items()
    if value in (bool, dict, float, int, list, object, str)
)
_PATTERN = re.compile(r"(\w*)\{(\w+)\}(\w*)")


@cache
def read_answers(folder: Path = FOLDER) -> Answers:
    """Read all files of a folder. Raises `InvalidAnswers` for the first fault."""
    reader = _Reader()
    files = sorted(folder.glob("*.json"), key=lambda file: (file.name != COMMON, file.name))
    sections = tuple(map(reader.read_file, files))
    answers = Answers(sections, reader.definitions, reader.methods)
    check(answers, reader.places)
    return answers


@dataclass(slots=True)
class _Reader:
    """The definitions and methods that were read so far, and the place of each in the files."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def read_file(self, file: Path) -> Section:
        place = file.name
        data = parse_file(file)
        if unknown := data.keys() - {"title", "types", "methods"}:
            raise InvalidAnswers(
                f"{place}: unknown key {min(unknown)!r}: use title, types and methods"
            )
        found = []
        for name, source in require(dict, data.get("types", {}), place, "types").items():
            found.append(self._define(name, source, f"{place}: {name}"))
        for method, name in require(dict, data.get("methods", {}), place, "methods").items():
            where = f"{place}: {method}"
            if not METHOD_NAME.fullmatch(method):
                raise InvalidAnswers(f"{where}: invalid method name: use e.g. flickr.photos.search")
            if method in self.methods:
                raise InvalidAnswers(f"{where}: the method has an answer already: keep one")
            self.methods[method] = require(str, name, where, "the answer")
            self.places[method] = where
        return Section(require(str, data.get("title"), place, "the title"), tuple(found))

    def _define(self, name: str, source: Any, place: str) -> Definition:
        if not TYPE_NAME.fullmatch(name):
            raise InvalidAnswers(f"{place}: invalid name of a type: use e.g. PhotoFile")
        if isinstance(source, dict):
            return self._read_shape(name, source, place)
        type_, doc = self._read_type(name, source, place)
        self._require_above(type_, place)
        alias = Alias(name, type_, doc)
        self._add(alias, place)
        return alias

    def _require_above(self, type_: Type, place: str) -> None:
        """Check that the names in a type are defined: Python needs them above an alias."""
        for each in iterate_types(type_):
            if isinstance(each, Reference) and each.name not in self.definitions:
                raise InvalidAnswers(f"{place}: unknown type {each.name!r}: define it above")

    def _add(self, definition: Definition, place: str) -> None:
        if definition.name in self.definitions:
            raise InvalidAnswers(f"{place}: {definition.name} is defined twice: rename one")
        self.definitions[definition.name] = definition
        self.places[definition.name] = place

    def _read_type(self, name: str, source: Any, place: str) -> tuple[Type, str]:
        """Return the type of a source and its documentation; `name` is for shapes in it."""
        if isinstance(source, dict):
            return self._read_shape(name, source, place), ""
        if isinstance(source, list):
            if len(source) != 1:
                raise InvalidAnswers(f"{place}: a list has the type of its items, and nothing else")
            return ListOf(self._read_type(name, source[0], place)[0]), ""
        text, _, doc = require(str, source, place, "the type").partition("//")
        try:
            return parse_type(text), doc.strip()
        except InvalidType as error:
            raise InvalidAnswers(f"{place}: {error}") from None

    def _read_shape(self, name: str, source: dict[str, Any], place: str) -> Shape:
        doc = require(str, source.get("$doc", ""), place, "$doc")
        bases = tuple(self._read_bases(source.get("$extends", []), place))
        fields: list[Field] = []
        others = None
        for key, inner in source.items():
            where = f"{place}.{key.removesuffix('?')}"
            if key == "*":
                others, _ = self._read_type(name + "Other", inner, where)
                self._require_above(others, where)
            elif not key.startswith("$"):
                fields += self._read_fields(name, key, inner, where)
            elif key not in ("$doc", "$extends"):
                raise InvalidAnswers(f"{where}: unknown key {key!r}: use $doc and $extends")
        shape = Shape(name, bases, tuple(fields), others, doc)
        self._add(shape, place)
        return shape

    def _read_bases(self, source: Any, place: str) -> Iterator[Base]:
        for text in require(list, source, place, "$extends"):
            name = require(str, text, place, "a shape in $extends").removesuffix("?")
            base = self.definitions.get(name)
            if not isinstance(base, Shape) or base.others:
                raise InvalidAnswers(
                    f"{place}: cannot extend {name!r}: name an object that is defined above, or in "
                    f"{COMMON}, and has no `*`"
                )
            yield Base(name, text.endswith("?"))

    def _read_fields(self, shape: str, key: str, source: Any, place: str) -> Iterator[Field]:
        pattern = key.removesuffix("?")
        names = list(self._expand(pattern, place))
        part = re.sub(r"\W", "", pattern).strip("_")
        type_, doc = self._read_type(shape + part[:1].upper() + part[1:], source, place)
        for name in names:
            if not name.isidentifier() or keyword.iskeyword(name) or name in _BUILTIN_TYPES:
                raise InvalidAnswers(f"{place}: Python cannot declare a field {name!r}")
            yield Field(name, type_, key.endswith("?"), doc)

    def _expand(self, pattern: str, place: str) -> Iterator[str]:
        """Yield the names for which a pattern stands: `url_s`, `url_m`, … for `url_{ExtraSize}`."""
        match = _PATTERN.fullmatch(pattern)
        if not match:
            yield pattern
            return
        alias = self.definitions.get(match[2])
        type_ = alias.type if isinstance(alias, Alias) else None
        members = type_.members if isinstance(type_, Union) else ()
        texts = [each.value for each in members if isinstance(each, Literal)]
        if not texts or len(texts) != len(members):
            raise InvalidAnswers(f"{place}: {match[2]} is not a type above with several texts")
        for text in texts:
            yield f"{match[1]}{text}{match[3]}"
