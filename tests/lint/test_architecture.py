"""The page about the architecture names only files and folders that exist."""

from __future__ import annotations

import re

from lint import rooms
from tests.support.repository import ROOT

FOLDERS = ("browser_dist", "compiler", "flickr_sandbox", "pyflickr_web", "templates", "tests")
_PATH = re.compile(r"`([\w./]+(?:\.(?:py|js|j2|json|toml)|/))`")


def missing_paths(page: str) -> list[str]:
    """Return the paths in a page that are the end of no path of the tree."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    paths += [*ROOT.iterdir()]
    ends = "\n".join(f"/{path.relative_to(ROOT)}{'/' * path.is_dir()}\n" for path in paths)
    return [path for path in _PATH.findall(page) if f"/{path}\n" not in ends]


def test_paths_in_the_page_exist() -> None:
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    prose = page.partition(rooms.BEGIN)[0]
    assert len(_PATH.findall(prose)) > 40
    assert missing_paths(prose) == []


def test_path_that_is_gone_is_found() -> None:
    assert missing_paths("`core/plan.py`, `core/`, `core/route.py` and `nowhere/`") == [
        "core/route.py",
        "nowhere/",
    ]
