"""`flickr.reflection.*` and `flickr.test.*`: the API about itself."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.reflection import Error, Method, methods, samples, shared_errors
from flickr_sandbox.registry import answers

EXTRAS_TEXT = (
    "Each `photo` of a list has these fields, and those that the argument `extras` adds. Photos that the"
    " caller may not see are left out."
)
API_KEY_TEXT = "The key of the application that calls."


@answers("reflection.getMethods")
def get_methods(call: Call) -> Answer:
    """Return the names of all methods."""
    return {"methods": {"method": [{"_content": name} for name in methods()]}}


@answers("reflection.getMethodInfo")
def get_method_info(call: Call) -> Answer:
    """Return one method. As on Flickr, types differ: errors of all methods have numbers as codes."""
    method = methods().get(call.text("method_name"))
    if method is None:
        raise call.unknown("method_name")
    return {
        "method": _method(method),
        "arguments": {"argument": _arguments(method)},
        "errors": {
            "error": [
                *(_error(error, str(error.code)) for error in method.errors),
                *(_error(error, error.code) for error in shared_errors()),
            ]
        },
    }


def _method(method: Method) -> Answer:
    answer = {
        "name": method.name,
        "needslogin": int(method.needslogin),
        "needssigning": int(method.needssigning),
        "requiredperms": str(method.perms) if method.perms else 0,
        "description": {"_content": method.text},
    }
    if method.name in samples():
        answer["response"] = {"_content": samples()[method.name]}
    if any(argument.name == "extras" for argument in method.arguments):
        answer["explanation"] = {"_content": EXTRAS_TEXT}
    return answer


def _arguments(method: Method) -> list[Answer]:
    own = [
        {"name": a.name, "optional": str(int(a.optional)), "_content": a.text}
        for a in method.arguments
    ]
    return [{"name": "api_key", "optional": 0, "_content": API_KEY_TEXT}, *own]


def _error(error: Error, code: int | str) -> Answer:
    return {"code": code, "message": error.message, "_content": error.text}


@answers("test.echo")
def echo(call: Call) -> Answer:
    """Return all parameters; those of OAuth also under their older names."""
    arguments = dict(call.arguments)
    if "oauth_signature" in arguments:
        arguments |= {"api_auth_is_oauth": "1", "api_sig": arguments["oauth_signature"]}
        if "oauth_token" in arguments:
            arguments["auth_token"] = arguments["oauth_token"]
    return {name: {"_content": value} for name, value in arguments.items()}


@answers("test.login")
def login(call: Call) -> Answer:
    """Return the caller."""
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
    """Return an empty answer."""
    return {}
