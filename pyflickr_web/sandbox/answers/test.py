"""`flickr.test.*`"""

from __future__ import annotations

from pyflickr_web.sandbox.answers import find
from pyflickr_web.sandbox.call import Answer, Call
from pyflickr_web.sandbox.registry import answers


@answers("test.echo")
def echo(call: Call) -> Answer:
    """Every parameter, as it came."""
    return {name: {"_content": value} for name, value in call.arguments.items()}


@answers("test.login")
def login(call: Call) -> Answer:
    """Who the caller is."""
    person = find.caller(call)
    return {
        "user": {
            "id": person["nsid"],
            "username": {"_content": person["username"]},
            "path_alias": person["path_alias"],
        }
    }


@answers("test.null")
def null(call: Call) -> Answer:
    """Nothing."""
    return {}
