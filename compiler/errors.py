"""The compiler's errors, and the problems of a reflection, which are collected and shown together."""

from __future__ import annotations

from dataclasses import dataclass


class CompilerError(Exception):
    """A failure that the user can fix; the command prints its message and exits with status 1."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A problem of the input: the file, relative to the reflection, and its fault."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


class ReflectionError(CompilerError):
    """An invalid reflection, with all of its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        count = len(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"the reflection has {count} problem{'s'[: count != 1]}:\n{lines}")
