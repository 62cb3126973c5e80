"""A proxy in a process of its own, which tells how much memory it has needed: `probe ADAPTER URL`.

It prints its address, and then for each line that comes in, its peak in kB.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pyflickr_web import Flickr
from tests.proxy.authenticators import KINDS
from tests.proxy.servers import ProxyMount, serve

OPTIONS = {"api_key": "a", "secret": "b", "access_token": "c", "access_token_secret": "d"}
POLICY = {"upload": True, "perms": "write", "upload_timeout": 0.5}


def main(adapter: str, url: str) -> None:
    mount = ProxyMount(Flickr(base_url=url, **OPTIONS), KINDS["names"], POLICY)
    with serve(adapter, mount) as served:
        print(served, flush=True)
        for _ in sys.stdin:
            print(peak(), flush=True)


def peak() -> int:
    """The most memory that this process has held, in kB; getrusage would count its parent's too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(*sys.argv[1:])
