"""`python -m examples.pyscript [FOLDER]`: show the pages in a browser, or write them to a folder."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from pathlib import Path

from examples.listener import PortInUseError, add_port_option, open_listener, read_url
from examples.pyscript.folder import FolderError, list_files, write
from examples.pyscript.npm import NotInstalledError
from pyflickr_web.commands.stdio import standard_streams

PHOTOS = 2000
PORT = 8300


def main() -> int:
    """Return exit status 0, or 1 for a failure, which is reported in one line."""
    parser = argparse.ArgumentParser(prog="python -m examples.pyscript", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="write the pages to this folder and exit"
    )
    add_port_option(parser, PORT)
    parser.add_argument("--browser", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    try:
        if options.folder:
            _write(options.folder)
        else:
            _show(options.port, options.browser)
    except (FolderError, NotInstalledError, PortInUseError) as error:
        print(f"pyscript: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


def _write(folder: Path) -> None:
    try:
        write(folder)
    except OSError as error:
        raise FolderError(
            f"cannot write to {error.filename or folder} "
            f"({error.strerror or 'copying failed'}): choose another folder"
        ) from None
    print(f"The pages are in {folder}: copy them to any web server")


def _show(port: int | None, opens_browser: bool) -> None:
    files = list_files()
    with open_listener(PORT, port) as listener:
        # The address comes first; what the server needs takes seconds to load. Requests wait.
        print(
            f"The pages are at {read_url(listener)}, with a sandbox for Flickr; Ctrl-C ends it",
            flush=True,
        )
        if opens_browser:
            webbrowser.open(read_url(listener))
        from examples.demo.server import Demo
        from examples.pyscript.server import handler
        from flickr_sandbox import Sandbox

        with Sandbox(photos=PHOTOS) as flickr, Demo(flickr, listener, handler(files)) as demo:
            demo.wait()


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
