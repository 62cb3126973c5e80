"""`python -m examples.pyscript [FOLDER]`: show the pages in a browser, or write them to a folder."""

from __future__ import annotations

import argparse
import sys
import tempfile
import webbrowser
from pathlib import Path

from examples.demo.server import Demo
from examples.pyscript.folder import NotInstalledError, write
from examples.pyscript.server import handler
from flickr_sandbox import Sandbox
from pyflickr_web.commands.stdio import standard_streams

PHOTOS = 2000


def main() -> int:
    """Return exit status 0, or 1 for a failure, which is reported in one line."""
    parser = argparse.ArgumentParser(prog="python -m examples.pyscript", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="write the pages to this folder and exit"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    options = parser.parse_args()
    try:
        if options.folder:
            write(options.folder)
            print(f"The pages are in {options.folder}: copy them to any web server")
        else:
            _show(options.no_browser)
    except NotInstalledError as error:
        print(f"pyscript: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"pyscript: cannot write to {error.filename or options.folder} "
            f"({error.strerror or 'copying failed'}): choose another folder",
            file=sys.stderr,
        )
        return 1
    return 0


def _show(no_browser: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        write(Path(name))
        with (
            Sandbox(photos=PHOTOS) as flickr,
            Demo(flickr, handler=handler(Path(name))) as demo,
        ):
            try:
                print(
                    f"The pages are at {demo.url}, with a sandbox for Flickr; Ctrl-C ends it",
                    flush=True,
                )
                if not no_browser:
                    webbrowser.open(demo.url)
                demo.wait()
            except KeyboardInterrupt:
                print()


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
