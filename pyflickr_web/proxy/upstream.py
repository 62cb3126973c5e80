"""The proxy's call of Flickr: what is sent, what of its answer may go on, and what its troubles are."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Sleep
from pyflickr_web.core.levels import may_write
from pyflickr_web.core.plan import build_request
from pyflickr_web.oauth.refusals import PROBLEMS
from pyflickr_web.options import ServerOptions
from pyflickr_web.proxy.effects import Now
from pyflickr_web.proxy.escapes import unescaped
from pyflickr_web.proxy.forms import Answer
from pyflickr_web.proxy.message import Refused, Visitor
from pyflickr_web.proxy.rates import charge
from pyflickr_web.transports.failures import RequestFailure, TimedOut
from pyflickr_web.transports.message import Credentials, RawResponse, WholeRequest

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow, Response
    from pyflickr_web.core.table import Table
    from pyflickr_web.proxy.forms import Form
    from pyflickr_web.proxy.policy import Policy
    from pyflickr_web.proxy.reading import Asked

_log = logging.getLogger("pyflickr_web")
SECRET = ("api_key", "secret", "access_token", "access_token_secret")
# Flickr's refusal of what is signed. The rest of it repeats what was signed, and is told to nobody.
_PROBLEM = re.compile(rb"\s*oauth_problem=(\w{1,40})")
_OF_TOKENS = ("token_rejected", "token_expired")
ATTEMPTS = 3
# Seconds before the second attempt, at most; twice that before each further one.
PAUSE = 0.2
# Below this length a credential is looked for as a word of its own: it may be part of many.
_LONG = 16


class Upstream:
    """Flickr, as a client knows it: the table of its methods, the options of the client, and what signs
    its calls, which a sign-in may change."""

    def __init__(
        self,
        table: Table,
        options: ServerOptions,
        credentials: Callable[[], Credentials | None],
    ) -> None:
        self.table = table
        self.levels: Mapping[str, int] = table.levels
        self.options = options
        self.credentials = credentials
        # Whose own they are, and what no answer may hold then.
        self._own: tuple[Credentials | None, Secrets] | None = None

    def signing_for(self, visitor: Visitor) -> Credentials | None:
        """What signs for a visitor: their own credentials, else the client's."""
        return visitor.credentials or self.credentials()

    def scan(self, what: str, body: bytes, visitor: Credentials | None) -> None:
        """Raise `Refused` (502) where the answer to a call, or to an upload, holds a credential that is
        configured here, or one of a visitor's."""
        if self.tells(body, visitor):
            trouble = Trouble(502, "Flickr's answer holds what is not for pages")
            trouble.log(what)
            raise trouble

    def tells(self, body: bytes, visitor: Credentials | None) -> bool:
        """Whether a text holds one of these credentials."""
        own = self.credentials()
        if visitor and visitor is not own and Secrets(_texts(visitor)).within(body):
            return True
        if self._own is None or self._own[0] is not own:
            configured = {self.options.get(name) or "" for name in SECRET}
            self._own = own, Secrets(configured | _texts(own))
        return self._own[1].within(body)


class Secrets:
    """Texts that no answer may hold, as they are or escaped."""

    def __init__(self, texts: Iterable[str]) -> None:
        known = sorted(text.encode() for text in texts if text)
        self._long = [text for text in known if len(text) >= _LONG]
        short = b"|".join(re.escape(text) for text in known if len(text) < _LONG)
        # A word that is the name of a field of every photo may be a developer's secret.
        self._short = short and re.compile(rb"(?<![\w-])(?:" + short + rb')(?![\w-]|"\s*:|=")')

    def within(self, body: bytes) -> bool:
        """Return True if an answer holds one of them."""
        return any(self._stands_in(text) for text in unescaped(body))

    def _stands_in(self, body: bytes) -> bool:
        for text in self._long:
            if text in body:
                return True
        return bool(self._short and self._short.search(body))


def _texts(credentials: Credentials | None) -> set[str]:
    if credentials is None:
        return set()
    return {
        credentials.api_key,
        credentials.secret,
        credentials.access_token,
        credentials.access_token_secret,
    }


def fetch(
    upstream: Upstream, policy: Policy, asked: Asked, credentials: Credentials | None
) -> Flow:
    """Returns Flickr's `Answer` to a call; raises `Refused`: 502, 504 where there is none, 429 where the
    key's calls are used up.

    A read is tried again within the policy's time, as far as the key has calls left.
    """
    request = build_request(upstream.options, {**asked.arguments, "method": asked.method})
    assert request.fields is not None
    request.fields["format"] = asked.form.name
    if credentials:
        # A visitor's token belongs to the application that it was given to.
        request.fields["api_key"] = credentials.api_key
    reads = not may_write(upstream.levels[asked.method])
    now = yield Now()
    end = now + policy.timeout
    for attempt in range(ATTEMPTS if reads else 1):
        if attempt:
            pause = PAUSE * 2 ** (attempt - 1)
            if (yield Now()) + pause >= end:
                break
            yield Sleep(pause / 2, pause)
            now = yield Now()
        try:
            yield from charge(policy, request.fields["api_key"])
        except Refused:
            if not attempt:
                raise
            break
        response = yield WholeRequest(request, credentials, end - now, policy.max_answer)
        outcome = _outcome(response, asked.form)
        if not outcome.passing:
            break
    if isinstance(outcome, Trouble):
        outcome.log(asked.method)
        raise outcome
    return outcome


def no_login(what: str) -> Refused:
    """The refusal of what needs a token, where nobody's is at hand."""
    return Refused(403, f"{what} needs a login, and there is none here")


class Trouble(Refused):
    """That Flickr has not answered; `passing` says that another attempt may do better, and `why` what
    is for the site's own log alone."""

    def __init__(self, *told: Any, passing: bool = False, why: str = "", **more: Any) -> None:
        super().__init__(*told, **more)
        self.passing = passing
        self._why = why

    def log(self, what: str) -> None:
        """Tell whoever runs the site what has become of a call, or of an upload."""
        _log.warning("%s: %s", what, f"{self}: {self._why}" if self._why else self)


def _outcome(response: Response | None, form: Form) -> Answer | Trouble:
    try:
        return answered(response, form)
    except Trouble as trouble:
        return trouble


def answered(response: Response | None, form: Form) -> Answer:
    """The answer that a response holds, in a form; raises `Trouble` (502, 504) where there is none, and
    401 where Flickr does not take the token."""
    if isinstance(response, TimedOut):
        raise Trouble(504, "Flickr did not answer in time")
    if not isinstance(response, RawResponse):
        why = response.reason if isinstance(response, RequestFailure) else ""
        raise Trouble(502, "Flickr cannot be reached, or broke off", passing=True, why=why)
    if response.body is None:
        raise Trouble(502, "Flickr's answer is too long")
    # A refusal of Flickr's may have a status of its own.
    if response.status in (200, 400, 401, 403, 404) and (answer := form.read(response.body)):
        return answer
    if problem := _PROBLEM.match(response.body):
        raise _refusal(problem[1].decode())
    later = response.retry_after or ""
    headers = {"retry-after": later} if later.isascii() and later.isdecimal() else {}
    if response.status == 429:
        raise Trouble(502, "Flickr has had too many calls of this site", headers=headers)
    passing = response.status == 200 or response.status >= 500
    told = "an answer that is not its own" if response.status == 200 else "trouble of its own"
    message = f"Flickr answers with {told} (HTTP {response.status})"
    raise Trouble(502, message, headers=headers, passing=passing)


def _refusal(problem: str) -> Trouble:
    """What a page is told of a signed call that Flickr refuses: `problem` is its own word for that."""
    if problem in _OF_TOKENS:
        return Trouble(401, "Flickr does not take this sign-in any more: sign in again", 98)
    named = f" ({problem})" if problem in PROBLEMS else ""
    return Trouble(502, f"Flickr refuses what is signed here{named}")
