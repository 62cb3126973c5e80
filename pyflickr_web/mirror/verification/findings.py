"""The findings of a verification, which stay until the next sync: a file of JSON lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Literal, get_args

from pyflickr_web.mirror.layout import STATE
from pyflickr_web.transports.files import atomic_write

FINDINGS = f"{STATE}/findings"

FindingKind = Literal[
    "missing", "damaged", "unreadable", "without_checksum", "inconsistent", "invalid_line"
]
"""`inconsistent` metadata does not agree with other files; an `invalid_line` is one of `SHA256SUMS`."""
KINDS: tuple[FindingKind, ...] = get_args(FindingKind)


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the file `name` in a mirror. `photo_id` is the photo to look at, if not its own."""

    kind: FindingKind
    name: str
    reason: str = ""
    photo_id: str = ""

    def __str__(self) -> str:
        text = f"{self.kind.replace('_', ' ')}: {self.name}"
        return f"{text}: {self.reason}" if self.reason else text


def locate_findings(root: Path) -> tuple[Path, Path]:
    """Return the paths of the findings: in the mirror, and in the user's folder, for read-only ones."""
    from platformdirs import user_state_path

    digest = hashlib.sha256(str(root.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    folder = user_state_path("pyflickr-web", appauthor=False) / "findings"
    return root / FINDINGS, folder / f"{digest}.jsonl"


def read_findings(root: Path) -> Iterator[Finding]:
    """Yield the findings about a mirror, without invalid lines. Raises `OSError`."""
    for file in locate_findings(root):
        try:
            opened = file.open(encoding="utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            continue
        with opened:
            for line in opened:
                with suppress(ValueError, TypeError, RecursionError):
                    finding = Finding(**json.loads(line))
                    if finding.kind in KINDS and _has_texts(finding):
                        yield finding


def write_findings(
    root: Path, findings: Iterable[Finding], is_read_only: bool, is_complete: bool
) -> Path | None:
    """Replace the findings about a mirror, and return their file; None without any.

    Those of a verification that was interrupted are added to the earlier ones. Raises `OSError`.
    """
    rows = findings if is_complete else chain(read_findings(root), findings)
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        if is_complete:
            forget_findings(root)
        return None
    own, fallback = locate_findings(root)
    file = fallback if is_read_only else own
    with atomic_write(file) as opened:
        for finding in chain([first], remaining):
            opened.write(json.dumps(asdict(finding)).encode() + b"\n")
    if not is_read_only:
        with suppress(OSError):
            fallback.unlink(missing_ok=True)
    return file


def forget_findings(root: Path) -> None:
    """Remove the findings about a mirror, where that is possible."""
    for file in locate_findings(root):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _has_texts(finding: Finding) -> bool:
    return all(isinstance(text, str) for text in (finding.name, finding.reason, finding.photo_id))
