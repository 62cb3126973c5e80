"""Send a call to Flickr or a proxy, retry it, and read the answer."""

import json

from .checks import check_depth
from .errors import make_error
from .flow import Response, Sleep
from .wire import to_whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .flow import Flow, Request
    from .table import Table


def send_with_retries(table: "Table", method: str, request: "Request", retries: int) -> "Flow":
    """Send `request` and retry it up to `retries` times after a temporary failure.

    Returns Flickr's answer unchanged; raises `FlickrError`.
    """
    count = 0
    while True:
        response = (yield request) or Response(0, None, None)
        answer = _parse(response.text or "")
        status = response.status
        failed = answer.get("stat") == "fail"
        if answer.get("stat") == "ok" and status < 400:
            return answer
        code = to_whole_number(answer.get("code")) if failed else None
        # Retry-After, or exponential backoff, in seconds. A pause of five minutes or more is an error.
        asked = to_whole_number(response.retry_after) or 0
        least, most = (asked, asked) if asked > 0 else (2**count / 2, 2**count)
        # No answer, too many calls (429) or a server error; with HTTP 200, an answer without a code, or
        # with a temporary one.
        retryable = code in (None, 0, 105, 201) if 0 < status < 400 else not status or status > 428
        if count >= retries or least >= 300 or not retryable:
            message = answer.get("message")
            reason = f"{message} (code {code})" if failed else _describe_failure(response)
            raise make_error(table, f"{method}: {reason}", method, code, status or None, request)
        yield Sleep(least, most)
        count += 1


def _parse(text: str) -> "dict[str, Any]":
    """Parse an answer, also one wrapped in a function call (JSONP); return {} unless it is an object."""
    start = text.find("{")
    try:
        check_depth(text[start:])
        answer: dict[str, Any] = json.loads(text[start : text.rfind("}") + 1])
    except (ValueError, RuntimeError):
        # `RuntimeError` is for deeply nested lists: MicroPython has no `RecursionError`.
        return {}
    return {} if "[" in text[:start] else answer


def _describe_failure(response: Response) -> str:
    """Describe a response that is not an answer of Flickr."""
    if not response.status:
        return "no answer: offline or CORS"
    # The text is None if the connection was lost.
    empty = response.text is not None and not response.text.strip()
    what = "empty answer" if empty else "HTML, XML or cut short, not Flickr's"
    return f"HTTP {response.status}: {what}"
