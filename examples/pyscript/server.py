"""Serve the pages, with a sandbox for Flickr and a proxy for the pages in it."""

from __future__ import annotations

from pathlib import Path

from examples.demo.server import Handler

# A worker can use its page if the page is isolated: then both share memory. An isolated page gets files
# of other sites, such as photos, only with CORS (`crossorigin` in HTML).
ISOLATED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def handler(files: dict[str, Path], policy: dict[str, str] = ISOLATED) -> type[Handler]:
    """Return a request handler for files by their paths, which must contain no secrets.

    `policy` has the headers of all answers.
    """
    pages = {f"/{name}": file for name, file in files.items()}
    # The address of a folder shows its index.
    pages |= {
        path.removesuffix("index.html"): file
        for path, file in pages.items()
        if path.endswith("/index.html")
    }
    return type("Pages", (Handler,), {"pages": pages, "policy": policy})


def list_folder(folder: Path) -> dict[str, Path]:
    """Return all files of a folder by their paths in it."""
    return {
        file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()
    }
