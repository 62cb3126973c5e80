"""`flickr.test.*`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers


@answers("test.echo")
def echo(call: Call) -> Answer:
    """Every parameter, as it came; those of OAuth also by the names that came before it."""
    came = dict(call.arguments)
    if "oauth_signature" in came:
        came |= {"api_auth_is_oauth": "1", "api_sig": came["oauth_signature"]}
        if "oauth_token" in came:
            came["auth_token"] = came["oauth_token"]
    return {name: {"_content": value} for name, value in came.items()}


@answers("test.login")
def login(call: Call) -> Answer:
    """Who the caller is."""
    person = find.caller(call)
    return {"user": {"id": person["nsid"], "username": {"_content": person["username"]}}}


@answers("test.null")
def null(call: Call) -> Answer:
    """Nothing."""
    return {}
