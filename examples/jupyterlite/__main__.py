"""`python -m examples.jupyterlite SITE`: serve a JupyterLite site, with a sandbox for Flickr."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from pathlib import Path

from examples.demo.server import Demo
from examples.listener import PortInUseError, add_port_option, open_listener
from examples.pyscript.server import handler, list_folder
from flickr_sandbox import Sandbox
from pyflickr_web.commands.stdio import standard_streams

PHOTOS = 2000
PORT = 8400
NOTEBOOK = "notebooks/index.html?path=flickr.ipynb"


def main() -> int:
    """Serve until Ctrl-C; return 1 for a failure, which is reported in one line."""
    parser = argparse.ArgumentParser(prog="python -m examples.jupyterlite", description=__doc__)
    parser.add_argument("site", type=Path, help="the folder that `jupyter lite build` wrote")
    add_port_option(parser, PORT)
    parser.add_argument("--browser", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    if not (options.site / "jupyter-lite.json").is_file():
        print(
            f"jupyterlite: {options.site} is not a site of JupyterLite: "
            "write it with `jupyter lite build`, see docs/pyscript.md",
            file=sys.stderr,
        )
        return 1
    try:
        listener = open_listener(PORT, options.port)
    except PortInUseError as error:
        print(f"jupyterlite: {error}", file=sys.stderr)
        return 1
    pages = handler(list_folder(options.site), policy={})
    try:
        with listener, Sandbox(photos=PHOTOS) as flickr, Demo(flickr, listener, pages) as demo:
            print(
                f"The notebook is at {demo.url}{NOTEBOOK}, with a sandbox for Flickr; Ctrl-C ends it",
                flush=True,
            )
            if options.browser:
                webbrowser.open(demo.url + NOTEBOOK)
            demo.wait()
    except KeyboardInterrupt:
        print()
    return 0


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
