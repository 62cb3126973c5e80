"""The errors of a build, as data: collected while reading, and shown together at the end."""

from __future__ import annotations

from dataclasses import dataclass


class CompilerError(Exception):
    """A failure that the user can fix; its message is shown as it is, with exit status 1."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of the input: the file (relative to the reflection) and the fault."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


class ReflectionError(CompilerError):
    """An unusable reflection; `problems` has every file with its fault."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        count = len(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"the reflection has {count} problem{'s'[: count != 1]}:\n{lines}")
