"""A library with one's own content, from a file in YAML or JSON, or from a mapping."""

from __future__ import annotations

from flickr_sandbox.own_library.content import Content, read_content
from flickr_sandbox.own_library.document import LibraryProblems
from flickr_sandbox.own_library.fill import fill_own

__all__ = ["Content", "LibraryProblems", "fill_own", "read_content"]
