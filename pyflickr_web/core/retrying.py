"""Retries of one call to Flickr or a proxy: attempts, pauses, and the meaning of an answer."""

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

    Returns Flickr's answer as it is; raises `FlickrError`.
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
        # Seconds that the server asks for, else more each time; beyond five minutes nobody waits.
        asked = to_whole_number(response.retry_after) or 0
        least, most = (asked, asked) if asked > 0 else (2**count / 2, 2**count)
        # No answer, too many calls or trouble at the server; else no code of Flickr's, or a temporary
        # one: it is busy (105), or has stumbled.
        retryable = code in (None, 0, 105, 201) if 0 < status < 400 else not status or status > 428
        if count >= retries or least >= 300 or not retryable:
            message = answer.get("message")
            reason = f"{message} (code {code})" if failed else _describe_failure(response)
            raise make_error(table, f"{method}: {reason}", method, code, status or None, request)
        yield Sleep(least, most)
        count += 1


def _parse(text: str) -> "dict[str, Any]":
    """Return the answer, also out of a function's call (JSONP); an empty one if the text has none, or a
    list.
    """
    start = text.find("{")
    try:
        check_depth(text[start:])
        answer: dict[str, Any] = json.loads(text[start : text.rfind("}") + 1])
    except (ValueError, RuntimeError):
        # The second is for lists in lists without end; MicroPython has no RecursionError.
        return {}
    return {} if "[" in text[:start] else answer


def _describe_failure(response: Response) -> str:
    """Describe a response that holds no answer of Flickr's."""
    if not response.status:
        return "no answer: offline or CORS"
    # The text of one that broke off is None.
    empty = response.text is not None and not response.text.strip()
    what = "empty answer" if empty else "HTML, XML or cut short, not Flickr's"
    return f"HTTP {response.status}: {what}"
