"""The owner of a mirror: a folder mirrors one person, and refuses another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.json_files import read_json, to_json
from pyflickr_web.mirror.layout import STATE, Tree, is_nsid, parse_name
from pyflickr_web.transports.errors import MirrorError

OWNER = f"{STATE}/owner.json"


def claim(folder: MirrorFolder, nsid: str, username: str = "") -> None:
    """Record that a folder mirrors the person `nsid`. Raises the errors of `check_owner`."""
    check_owner(folder.root, nsid)
    if _read_recorded(folder.root) is None:
        folder.write_state(OWNER, to_json({"nsid": nsid, "username": username}))


def check_owner(root: Path, nsid: str) -> None:
    """Raise `MirrorError` if a folder mirrors another person than `nsid`.

    This is recorded in `.mirror/owner.json`. In a mirror that another program wrote, it is the owner of
    the photos. Raises `FileError`.
    """
    owner = find_owner(root)
    if owner is not None and owner != nsid:
        raise MirrorError(
            f"{str(root)!r} mirrors {owner}, not {nsid}: use another folder for this person, or user "
            f"(--user) {owner} for that one"
        )


def find_owner(root: Path) -> str | None:
    """Return the NSID of the person that a folder mirrors; None for a folder without photos.

    Raises `MirrorError` if the photos are of several people, and `FileError`.
    """
    recorded = _read_recorded(root)
    if recorded is not None:
        return recorded
    owners = Counter(_photo_owners(root))
    if len(owners) > 1:
        names = ", ".join(f"{owner} ({count})" for owner, count in owners.most_common(3))
        raise MirrorError(
            f"{str(root)!r} has photos of several people, {names}: move those of others away, or use "
            "another folder"
        )
    return next(iter(owners), None)


def _read_recorded(root: Path) -> str | None:
    """Return the recorded NSID; None if the record is missing or damaged."""
    nsid = (read_json(root / OWNER) or {}).get("nsid")
    return nsid if is_nsid(nsid) else None


def _photo_owners(root: Path) -> Iterator[str]:
    folder = root / Tree().document_folder("photo")
    if not folder.is_dir():
        return
    with file_errors(folder):
        files = [file for file in folder.iterdir() if _is_photo(root, file)]
    for file in files:
        owner: Any = (read_json(file) or {}).get("owner")
        nsid = owner.get("nsid") if isinstance(owner, dict) else None
        if is_nsid(nsid):
            yield nsid


def _is_photo(root: Path, file: Path) -> bool:
    return parse_name(file.relative_to(root).as_posix()) is not None
