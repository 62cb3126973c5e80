"""`python -m examples.sign_in [fastapi | flask]`: the site on localhost, against a sandbox."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import webbrowser
from typing import Any

from examples.listener import HOST, PortInUseError, add_port_option, open_listener, read_url
from flickr_sandbox import Sandbox
from pyflickr_web.commands.stdio import standard_streams

PHOTOS = 400
PORT = 8200


def main() -> int:
    """Serve until Ctrl-C; return 1 if the requested port is not available."""
    parser = argparse.ArgumentParser(prog="python -m examples.sign_in")
    parser.add_argument("framework", nargs="?", choices=("fastapi", "flask"), default="fastapi")
    add_port_option(parser, PORT)
    parser.add_argument("--browser", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    try:
        listener = open_listener(PORT, options.port)
    except PortInUseError as error:
        print(f"sign_in: {error}", file=sys.stderr)
        return 1
    url = read_url(listener)
    try:
        with listener, Sandbox(photos=PHOTOS) as flickr:
            # The settings of a site: the application's key, and no token.
            for name in ("FLICKR_API_KEY", "FLICKR_SECRET", "FLICKR_BASE_URL"):
                os.environ[name] = flickr.environ[name]
            print(
                f"The site is at {url}, its Flickr at {flickr.url}/ (Ctrl-C ends both)", flush=True
            )
            if options.browser:
                webbrowser.open(url)
            (_flask if options.framework == "flask" else _fastapi)(listener)
    except KeyboardInterrupt:
        print()
    return 0


def _fastapi(listener: socket.socket) -> None:
    import uvicorn

    from examples.sign_in.fastapi_app import create_app

    config = uvicorn.Config(create_app(), access_log=False, log_level="warning")
    uvicorn.Server(config).run(sockets=[listener])


def _flask(listener: socket.socket) -> None:
    from werkzeug.serving import make_server

    from examples.sign_in.flask_app import create_app

    # An access log would contain the verifiers that Flickr adds to the callback's address.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app: Any = create_app()
    make_server(HOST, 0, app, threaded=True, fd=listener.fileno()).serve_forever()


if __name__ == "__main__":
    with standard_streams():
        sys.exit(main())
