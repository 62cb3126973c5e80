"""`python -m compiler check`: compare the committed outputs with a fresh build, and search for keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from compiler.errors import CompilerError
from compiler.reflect.model import Api

# Flickr's keys are 32 hexadecimal digits and its secrets 16; hashes are longer, photo secrets shorter.
_KEY_LIKE = re.compile(r"(?<![0-9A-Za-z+/=-])(?:[0-9a-f]{32}|[0-9a-f]{16})(?![0-9A-Za-z+/=])")
_FILLER_WORDS = frozenset(
    "a an and by for from given in of on one or that the this to with".split()  # noqa: SIM905
)


def check(api: Api, fresh: Mapping[Path, bytes]) -> None:
    """Compare `fresh` with the committed files; search it for keys, and `api` for missing descriptions.

    Raises `CompilerError` that names every file and description that fails.
    """
    problems = [
        *_find_differences(fresh),
        *_find_key_like(fresh),
        *(
            f"snapshot: the description of {what} only repeats its name"
            for what in find_undescribed(api)
        ),
    ]
    if problems:
        raise CompilerError("the check failed:\n" + "\n".join(f"  {line}" for line in problems))


def _find_differences(fresh: Mapping[Path, bytes]) -> Iterator[str]:
    for file, data in fresh.items():
        if not file.is_file():
            yield f"{file} is missing: run `python -m compiler all`"
        elif file.read_bytes() != data:
            yield f"{file} is out of date: run `python -m compiler all`"


def _find_key_like(fresh: Mapping[Path, bytes]) -> Iterator[str]:
    for file, data in fresh.items():
        if file.name != "manifest.json" and _KEY_LIKE.search(data.decode()):
            yield f"{file.name} contains a text that looks like a key or a secret: remove it"


def find_undescribed(api: Api) -> Iterator[str]:
    """Yield methods, arguments and errors whose description is missing or only repeats their name."""
    for method in api.methods:
        if _repeats_name(method.description, method.name):
            yield method.name
        for argument in method.arguments:
            if _repeats_name(argument.description, argument.name):
                yield f"{argument.name} of {method.name}"
    for error in api.shared_errors:
        if _repeats_name(error.explanation, error.message):
            yield f"error {error.code}"


def _repeats_name(description: str, name: str) -> bool:
    return not _split_words(description) - _split_words(name) - _FILLER_WORDS


def _split_words(text: str) -> set[str]:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()
    return {word.rstrip("s") for word in re.findall(r"[a-z0-9]+", split)}
