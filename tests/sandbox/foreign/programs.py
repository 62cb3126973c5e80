"""Programs of other projects: their folders below `.venv/foreign/`, and the Pythons they support."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.repository import ROOT

LOCKS = Path(__file__).parent / "locks"
FOLDER = ROOT / ".venv" / "foreign"
_BIN = "Scripts" if os.name == "nt" else "bin"


@dataclass(frozen=True, slots=True)
class Program:
    """A program with its lock: `locks/NAME.txt` of pip, or the folder `locks/NAME` of npm.

    `quick` programs run in `make test`, the others in `make soak`. `oldest` and `newest` are the
    Python versions that it supports, and `why` the reason.
    """

    name: str
    quick: bool = False
    oldest: tuple[int, int] = (3, 11)
    newest: tuple[int, int] | None = None
    why: str = ""

    @property
    def is_node(self) -> bool:
        """True for a program of npm."""
        return (LOCKS / self.name).is_dir()

    @property
    def folder(self) -> Path:
        """The program's own folder, for one Python version."""
        version = "" if self.is_node else f"-{sys.version_info[0]}.{sys.version_info[1]}"
        return FOLDER / f"{self.name}{version}"

    @property
    def bin(self) -> Path:
        """The folder of the commands of its virtual environment."""
        return self.folder / _BIN

    @property
    def lock(self) -> str:
        """The content of its lock."""
        lock = LOCKS / self.name / "package-lock.json" if self.is_node else self._pip_lock
        return lock.read_text("utf-8")

    @property
    def _pip_lock(self) -> Path:
        return LOCKS / f"{self.name}.txt"

    @property
    def obstacle(self) -> str:
        """The reason why it does not run on this Python; empty if it does."""
        version = sys.version_info[:2]
        if self.oldest <= version and (self.newest is None or version <= self.newest):
            return ""
        return f"{self.name} does not run on Python {version[0]}.{version[1]}: {self.why}"

    @property
    def is_ready(self) -> bool:
        """True if the folder has what the lock says."""
        stamp = self.folder / "lock"
        return stamp.exists() and stamp.read_text("utf-8") == self.lock


PROGRAMS = {
    program.name: program
    for program in (
        Program("django-ditto"),
        Program("flickr-api"),
        Program("flickr-download"),
        Program("flickr-photos-api", oldest=(3, 12), why="its release 3 needs Python 3.12"),
        Program("flickr-uploader"),
        Program("flickrapi", quick=True),
        Program("flickrbackup"),
        Program("gallery-dl", quick=True),
        Program("npm-flickr-sdk", quick=True),
        Program("npm-flickrapi"),
        Program("yt-dlp"),
    )
}
