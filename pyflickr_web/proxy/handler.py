"""One request to the proxy: whether it may pass, who signs it, what comes back. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyflickr_web.core.levels import may_write, needs_login
from pyflickr_web.core.plan import is_signed
from pyflickr_web.errors import OptionError
from pyflickr_web.proxy.cached import cached, told
from pyflickr_web.proxy.effects import InFlightCall
from pyflickr_web.proxy.hosts import check_host
from pyflickr_web.proxy.message import ProxyRequest, Refused, Reply, Visitor
from pyflickr_web.proxy.origins import VERBS, Origins, check_cookie, is_from_page
from pyflickr_web.proxy.policy import Policy
from pyflickr_web.proxy.rates import count, in_flight_key
from pyflickr_web.proxy.reading import Asked, check_kind, exceeds, read, refusal_for
from pyflickr_web.proxy.uploads import Uploads
from pyflickr_web.proxy.upstream import Upstream, fetch, no_login
from pyflickr_web.transports.message import Credentials

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

ECHO = "flickr.test.echo"
_COMMON = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


class Handler:
    """Answers requests, by a policy; `visited` says that an authenticator stands in front of it.

    An adapter asks `opening` first, which needs no body; then, where that leaves it open, its
    authenticator; then `answer`. All that goes out passes `closing`. `uploads` answers those.
    """

    def __init__(self, upstream: Upstream, policy: Policy, visited: bool) -> None:
        if upstream.options.get("endpoint"):
            raise OptionError("a proxy needs api_key, and no endpoint: that is another proxy")
        if visited and "*" in policy.origins:
            raise OptionError("origins: name them; with an authenticator * would let in any page")
        if policy.jsonp and "*" not in policy.origins:
            raise OptionError('jsonp: needs origins="*", because script tags send no Origin')
        self.policy = policy
        self.upstream = upstream
        self._visited = visited
        self._origins = Origins(policy.origins, visited)
        self.uploads = Uploads(upstream, policy, self._origins, visited)

    def opening(self, request: ProxyRequest) -> Reply | None:
        """What headers alone decide: a preflight's answer, a refusal; None where the rest matters."""
        try:
            check_host(self.policy.hosts, request)
            self._origins.check(request)
            if request.verb == "OPTIONS":
                return self._origins.preflight(request)
            if request.verb not in ("GET", "POST"):
                raise Refused(405, "call by POST or GET", headers={"allow": VERBS})
            check_kind(request)
            length = request.headers.get("content-length", "0")
            if exceeds(length, self.policy.max_body):
                raise self.too_large()
        except Refused as refused:
            return refusal_for(request, b"", refused)
        return None

    def check_host(self, request: ProxyRequest) -> Reply | None:
        """Return the refusal of a host name that is not accepted, for what stands beside the proxy."""
        try:
            check_host(self.policy.hosts, request)
        except Refused as refused:
            return self.closing(request, refused.reply())
        return None

    def too_large(self) -> Refused:
        """The refusal of a body that is longer than the policy allows."""
        return Refused(413, f"the body is longer than {self.policy.max_body} bytes")

    def answer(self, request: ProxyRequest, body: bytes, visitor: Visitor | None) -> Flow:
        """Returns the `Reply`; `visitor` is whom the authenticator let in, None without one."""
        try:
            return (yield from self._answer(request, body, visitor))
        except Refused as refused:
            return refusal_for(request, body, refused)

    def closing(self, request: ProxyRequest, reply: Reply) -> Reply:
        """A reply with the headers that every one has."""
        return Reply(reply.status, {**_COMMON, **self.shared(request), **reply.headers}, reply.body)

    def shared(self, request: ProxyRequest, vary: str = "") -> dict[str, str]:
        """What lets a page of another origin read a reply, also one that is not the proxy's own; `vary`
        is what that one says by itself."""
        headers = self._origins.headers(request)
        if vary and "vary" in headers:
            headers["vary"] = f"{vary}, {headers['vary']}"
        return headers

    def _answer(self, request: ProxyRequest, body: bytes, visitor: Visitor | None) -> Flow:
        yield from count(self.policy, request, visitor)
        asked = read(request, body, self.policy)
        level = self.upstream.levels.get(asked.method)
        self.policy.check(asked.method, level, visitor is not None)
        assert level is not None
        credentials = self._signer(request, asked, level, visitor)
        who, fresh = in_flight_key(request, visitor), 0.0
        if asked.method == ECHO:
            content = asked.form.echo(asked.told)
            self.upstream.scan(ECHO, content, credentials)
        elif credentials:
            flow = self._fetched(asked, credentials)
            content = (yield InFlightCall(flow, who, cancellable=not may_write(level))).body
        else:
            given = yield from cached(self.policy, asked, self._fetched(asked, None), who)
            content, fresh = given.body, given.fresh
        reply = Reply(200, asked.form.headers, asked.form.dressed(content))
        return told(request, reply, fresh, private=self._visited)

    def _fetched(self, asked: Asked, credentials: Credentials | None) -> Flow:
        """Returns Flickr's `Answer`, where it may go on to a page."""
        answer = yield from fetch(self.upstream, self.policy, asked, credentials)
        self.upstream.scan(asked.method, answer.body, credentials)
        return answer

    def _signer(
        self, request: ProxyRequest, asked: Asked, level: int, visitor: Visitor | None
    ) -> Credentials | None:
        """Return what signs a call, None for an unsigned one; raises `Refused` if it must be signed and
        may not."""
        if visitor is None:
            return None
        credentials = self.upstream.signing_for(visitor)
        # Any page can make a browser send a GET, with the visitor's cookies.
        refused_get = request.verb == "GET" and (may_write(level) or is_from_page(request))
        may = credentials and not refused_get and self.policy.perms != "none"
        if not level and not (may and self._is_signed(asked, visitor)):
            return None
        if refused_get:
            headers = {"allow": "POST, OPTIONS"}
            message = f"a GET of {asked.method} is not signed here: call it by POST"
            raise Refused(405, message, headers=headers)
        check_cookie(request, "a call")
        if credentials is None or (needs_login(level) and not credentials.access_token):
            raise no_login(asked.method)
        return credentials

    def _is_signed(self, asked: Asked, visitor: Visitor) -> bool:
        """Return True if a call is signed that does not require it.

        A visitor's own token signs as it does in a client. The site's token signs only what is asked
        for by `authenticated` or `user_id=me`: its owner is not the visitor.
        """
        own = visitor.credentials is not None
        authenticated = asked.authenticated
        if own and authenticated is None and self.upstream.options.get("force_auth"):
            authenticated = True
        table = self.upstream.table
        return is_signed(table, asked.method, asked.arguments, authenticated, own)
