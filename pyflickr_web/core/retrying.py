"""One call's exchange with Flickr or a proxy: attempts, pauses, and what an answer means."""

import json

from .checks import check_depth
from .errors import failure
from .flow import Response, Sleep
from .wire import whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .flow import Flow, Request
    from .table import Table


def exchange(table: "Table", method: str, request: "Request", retries: int) -> "Flow":
    """Send until there is an answer, or up to `retries` times more where a passing failure allows it.

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
        code = whole_number(answer.get("code")) if failed else None
        # Seconds that the server asks for, else more each time; beyond five minutes nobody waits.
        asked = whole_number(response.retry_after) or 0
        least, most = (asked, asked) if asked > 0 else (2**count / 2, 2**count)
        # No answer, too many calls or trouble at the server; else no code of Flickr's, or one that
        # passes: it is busy (105), or has stumbled.
        passing = code in (None, 0, 105, 201) if 0 < status < 400 else not status or status > 428
        if count >= retries or least >= 300 or not passing:
            message = answer.get("message")
            told = f"{message} (code {code})" if failed else _failure_of(response)
            raise failure(table, f"{method}: {told}", method, code, status or None, request)
        yield Sleep(least, most)
        count += 1


def _parse(text: str) -> "dict[str, Any]":
    """The answer, whatever stands around it, as a function's call does (JSONP); empty where there is
    none. What stands in a list is none.
    """
    start = text.find("{")
    try:
        check_depth(text[start:])
        answer: dict[str, Any] = json.loads(text[start : text.rfind("}") + 1])
    except (ValueError, RuntimeError):
        # The second is for lists in lists without end; MicroPython has no RecursionError.
        return {}
    return {} if "[" in text[:start] else answer


def _failure_of(response: Response) -> str:
    """Describe a response that holds no answer of Flickr's."""
    if not response.status:
        return "no answer: offline or CORS"
    # The text of one that broke off is None.
    empty = response.text is not None and not response.text.strip()
    what = "empty answer" if empty else "HTML, XML or cut short, not Flickr's"
    return f"HTTP {response.status}: {what}"
