"""What can be wrong with a build, as data: collected while reading, told together at the end."""

from __future__ import annotations

from dataclasses import dataclass


class CompilerError(Exception):
    """A failure that a person caused or can mend; its message is told as it is, with exit status 1."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in the input: the file (relative to the reflection) and what is wrong."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


class ReflectionError(CompilerError):
    """The reflection cannot be used; `problems` names every file and what is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        count = len(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"the reflection has {count} problem{'s'[: count != 1]}:\n{lines}")
