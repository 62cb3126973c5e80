"""Send a call to Flickr or a proxy, retry it, and read the answer."""

import json

from .flow import Response, Sleep
from .wire import to_whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .client import Client
    from .flow import Flow, Request

# Levels of nested JSON. Flickr's answers have about ten.
_DEEPEST = 100


def send_with_retries(client: "Client", method: str, request: "Request", writes: bool) -> "Flow":
    """Send `request` and retry it up to `client.retries` times after a temporary failure.

    A call that writes is retried only if it was certainly not sent. Returns Flickr's answer unchanged;
    raises the error that `client.make_error` makes.
    """
    count = 0
    while True:
        response = (yield request) or Response()
        answer = _parse(response.text or "")
        stat, status = answer.get("stat"), response.status
        if stat == "ok" and status < 400:
            return answer
        failed = stat == "fail"
        code = to_whole_number(answer.get("code")) if failed else None
        # Retry-After, or exponential backoff, in seconds. A pause of five minutes or more is an error.
        asked = to_whole_number(response.retry_after) or 0
        least, most = (asked, asked) if asked > 0 else (2**count / 2, 2**count)
        retryable = response.retryable
        if retryable is None and not writes:
            # Too many calls (429) or a server error; no answer, one without a code, or with a
            # temporary one.
            retryable = status > 428 or (status < 400 and code in (None, 0, 105, 201))
        if count >= client.retries or least >= 300 or not retryable:
            message = answer.get("message")
            reason = f"{message} (code {code})" if failed else _describe_failure(status)
            # A proxy's own message may start with the method.
            if not reason.startswith(method):
                reason = f"{method}: {reason}"
            raise client.make_error(reason, method, code, request, response)
        yield Sleep(least, most)
        count += 1


def _parse(text: str) -> "dict[str, Any]":
    """Parse an answer, also one wrapped in a function call (JSONP); return {} unless it is an object."""
    start = text.find("{")
    try:
        _check_depth(text[start:])
        answer: dict[str, Any] = json.loads(text[start : text.rfind("}") + 1])
    except ValueError:
        return {}
    return {} if "[" in text[:start] else answer


def _check_depth(text: str) -> None:
    """Raise `ValueError` for JSON that is nested deeper than any answer of Flickr.

    Parsing it may crash Pyodide's runtime.
    """
    # Brackets in strings do not count.
    parts = text.replace("\\\\", "").replace('\\"', "").split('"')[::2]
    depth = 0
    for part in "".join(parts).replace("{", "[").replace("}", "]").split("]"):
        depth += part.count("[") - 1
        if depth >= _DEEPEST:
            raise ValueError


def _describe_failure(status: int) -> str:
    """Describe a response that is not an answer of Flickr, by its status."""
    if not status:
        return "no answer"
    return f"HTTP {status}: " + (
        "Flickr asks to slow down" if status == 429 else "not Flickr's answer"
    )
