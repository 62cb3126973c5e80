"""A proxy in its own process that reports its memory: `probe ADAPTER URL UPLOAD_TIMEOUT`.

It prints its address, then its peak memory in kB for each line of its input.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pyflickr_web import Flickr
from tests.proxy.authenticators import KINDS
from tests.proxy.servers import ProxyMount, serve

OPTIONS: dict[str, Any] = {
    "api_key": "a",
    "secret": "b",
    "access_token": "c",
    "access_token_secret": "d",
}
POLICY = {"upload": True, "perms": "write"}


def main(adapter: str, url: str, upload_timeout: str) -> None:
    policy = POLICY | {"upload_timeout": float(upload_timeout)}
    mount = ProxyMount(Flickr(base_url=url, **OPTIONS), KINDS["names"], policy)
    with serve(adapter, mount) as address:
        print(address, flush=True)
        for _ in sys.stdin:
            print(peak(), flush=True)


def peak() -> int:
    """Return this process's peak memory in kB; getrusage includes the parent's before exec."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(*sys.argv[1:])
