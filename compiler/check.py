"""`python -m compiler check`: the committed outputs are those of a fresh build, and clean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from compiler.reflect.model import Api
from compiler.reflect.problems import CompilerError

# Flickr's keys are 32 hexadecimal digits and its secrets 16; hashes are longer, photo secrets shorter.
_KEY_LIKE = re.compile(r"(?<![0-9A-Za-z+/=-])(?:[0-9a-f]{32}|[0-9a-f]{16})(?![0-9A-Za-z+/=])")
_FILLER = frozenset("a an and by for from given in of on one or that the this to with".split())  # noqa: SIM905


def check(api: Api, fresh: Mapping[Path, bytes]) -> None:
    """Compare `fresh` with the committed files, and search it for keys and empty descriptions.

    Raises `CompilerError` that names every file or description that fails.
    """
    problems = [
        *_differences(fresh),
        *_key_like(fresh),
        *(f"snapshot: {what} is described by its own name alone" for what in find_undescribed(api)),
    ]
    if problems:
        raise CompilerError("the check failed:\n" + "\n".join(f"  {line}" for line in problems))


def _differences(fresh: Mapping[Path, bytes]) -> Iterator[str]:
    for file, data in fresh.items():
        if not file.is_file():
            yield f"{file} is missing; run `python -m compiler all`"
        elif file.read_bytes() != data:
            yield f"{file} is not what a fresh build gives; run `python -m compiler all`"


def _key_like(fresh: Mapping[Path, bytes]) -> Iterator[str]:
    for file, data in fresh.items():
        if file.name != "manifest.json" and _KEY_LIKE.search(data.decode()):
            yield f"{file.name} holds what looks like a key or a secret"


def find_undescribed(api: Api) -> Iterator[str]:
    """Yield methods and arguments whose description is missing or says no more than their name."""
    for method in api.methods:
        if _says_nothing(method.description, method.name):
            yield method.name
        for argument in method.arguments:
            if _says_nothing(argument.description, argument.name):
                yield f"{argument.name} of {method.name}"
    for error in api.shared_errors:
        if _says_nothing(error.explanation, error.message):
            yield f"error {error.code}"


def _says_nothing(description: str, name: str) -> bool:
    return not _words(description) - _words(name) - _FILLER


def _words(text: str) -> set[str]:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()
    return {word.rstrip("s") for word in re.findall(r"[a-z0-9]+", split)}
