"""Send requests to a sandbox whose faults are tested."""

from __future__ import annotations

import requests

from flickr_sandbox import Sandbox
from flickr_sandbox.sizes import KINDS as SIZES
from flickr_sandbox.sizes import path
from tests.support.timeouts import TIMEOUT

ECHO = "flickr.test.echo"


def echo(sandbox: Sandbox, method: str = ECHO, **arguments: str) -> requests.Response:
    """Call `flickr.test.echo`, or another method, with the key alone."""
    query = {"method": method, "api_key": sandbox.account.api_key, "format": "json"}
    query |= {"nojsoncallback": "1", "word": "here", **arguments}
    return requests.get(f"{sandbox.url}/services/rest/", params=query, timeout=TIMEOUT)


def picture(sandbox: Sandbox) -> str:
    """Return the address of a photo's file."""
    photo = sandbox.store.one("SELECT * FROM photos WHERE media = 'photo'")
    assert photo is not None
    return sandbox.url + path(photo, SIZES[0])
