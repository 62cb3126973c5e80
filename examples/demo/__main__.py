"""`python -m examples.demo`: the demo page on localhost, without a key and without a network."""

from __future__ import annotations

import argparse
import sys
import webbrowser

from examples.demo.server import Demo
from flickr_sandbox import Sandbox
from pyflickr_web.commands.stdio import standard_streams

PHOTOS = 2000


def main() -> int:
    """Serve until Ctrl-C; return 1 if the port is not available."""
    parser = argparse.ArgumentParser(prog="python -m examples.demo")
    parser.add_argument("--port", type=int, default=8100, help="0 picks a free port")
    parser.add_argument("--browser", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    with Sandbox(photos=PHOTOS) as flickr:
        try:
            demo = Demo(flickr, options.port)
        except (OSError, OverflowError):
            print(
                f"port {options.port} is invalid or in use: choose another with --port",
                file=sys.stderr,
            )
            return 1
        with demo:
            try:
                print(
                    f"The demo is at {demo.url}, its Flickr at {flickr.url}/ (Ctrl-C ends both)",
                    flush=True,
                )
                if options.browser:
                    webbrowser.open(demo.url)
                demo.wait()
            except KeyboardInterrupt:
                print()
    return 0


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
