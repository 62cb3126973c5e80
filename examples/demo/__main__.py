"""`python -m examples.demo`: the demo page on localhost, without a key and without a network."""

from __future__ import annotations

import argparse
import sys
import webbrowser

from examples.demo.server import Demo
from examples.listener import PortInUseError, add_port_option, open_listener
from flickr_sandbox import Sandbox
from pyflickr_web.commands.stdio import standard_streams

PHOTOS = 2000
PORT = 8100


def main() -> int:
    """Serve until Ctrl-C; return 1 if the requested port is not available."""
    parser = argparse.ArgumentParser(prog="python -m examples.demo")
    add_port_option(parser, PORT)
    parser.add_argument("--browser", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    try:
        listener = open_listener(PORT, options.port)
    except PortInUseError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    try:
        with listener, Sandbox(photos=PHOTOS) as flickr, Demo(flickr, listener) as demo:
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
