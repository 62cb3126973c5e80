"""Decide about calls to the proxy: access, signing, and the reply. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflickr_web.core.levels import may_write, needs_login
from pyflickr_web.core.plan import Plan, means_caller
from pyflickr_web.proxy.calls.cache import fetch_with_cache, with_cache_headers
from pyflickr_web.proxy.calls.effects import InFlightCall
from pyflickr_web.proxy.calls.message import ProxyRequest, Refusal, Reply, Visitor
from pyflickr_web.proxy.calls.origins import VERBS, Origins, check_cookie, check_host, is_from_page
from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.calls.rates import count_request, in_flight_key
from pyflickr_web.proxy.calls.reading import (
    ApiCall,
    check_content_type,
    exceeds,
    format_refusal,
    read_call,
)
from pyflickr_web.proxy.calls.upstream import Upstream, fetch, login_refusal
from pyflickr_web.transports.errors import OptionError
from pyflickr_web.transports.message import Credentials

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

ECHO = "flickr.test.echo"
_COMMON = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


class RequestHandler:
    """The checks and headers that calls and uploads have in common.

    An adapter calls `answer_by_head` first, which needs no body; if that returns None, it calls its
    authenticator, and then `answer`. Every reply passes through `with_common_headers`.
    """

    def __init__(self, upstream: Upstream, policy: Policy, has_authenticator: bool) -> None:
        self.upstream = upstream
        self.policy = policy
        self._has_authenticator = has_authenticator
        self._origins = Origins(policy.origins, has_authenticator)

    def answer_by_head(self, request: ProxyRequest) -> Reply | None:
        """Return a reply that needs no body (to a preflight, or a refusal); None for other requests."""
        try:
            check_host(self.policy.hosts, request)
            self._origins.check(request)
            return self._answer_by_head(request)
        except Refusal as refused:
            return self.refusal_reply(request, refused)

    def answer(self, request: ProxyRequest, body: Any, visitor: Visitor | None) -> Flow:
        """Return the `Reply`; `visitor` was admitted by the authenticator, and is None without one.

        Raises `Refusal`.
        """
        raise NotImplementedError

    def refusal_reply(self, request: ProxyRequest, refused: Refusal, body: Any = b"") -> Reply:
        """Return a refusal in a format that the request accepts."""
        return refused.reply()

    def check_host(self, request: ProxyRequest) -> Reply | None:
        """Return a refusal if the host name is not accepted; for other routes of the same server."""
        try:
            check_host(self.policy.hosts, request)
        except Refusal as refused:
            return self.with_common_headers(request, refused.reply())
        return None

    def with_common_headers(self, request: ProxyRequest, reply: Reply) -> Reply:
        """Return a reply with the headers that all replies have."""
        shared = self._origins.headers(request)
        return Reply(reply.status, {**_COMMON, **shared, **reply.headers}, reply.body)

    def add_shared_headers(self, request: ProxyRequest, headers: Any) -> None:
        """Add CORS headers to the mutable `headers` of a framework's response."""
        own_vary = headers.get("vary", "")
        for name, value in self._origins.headers(request).items():
            headers[name] = f"{own_vary}, {value}" if name == "vary" and own_vary else value

    def _answer_by_head(self, request: ProxyRequest) -> Reply | None:
        raise NotImplementedError


class CallHandler(RequestHandler):
    """Answers calls of methods, by a policy."""

    def __init__(self, upstream: Upstream, policy: Policy, has_authenticator: bool) -> None:
        if upstream.options.get("endpoint"):
            raise OptionError("a proxy calls Flickr itself: set api_key, not endpoint")
        if has_authenticator and "*" in policy.origins:
            raise OptionError(
                "origins: list them one by one; with an authenticator * would admit any page"
            )
        if policy.jsonp and "*" not in policy.origins:
            raise OptionError('jsonp: needs origins="*", because script tags send no Origin')
        super().__init__(upstream, policy, has_authenticator)

    def refusal_reply(self, request: ProxyRequest, refused: Refusal, body: bytes = b"") -> Reply:
        return format_refusal(request, body, refused)

    def too_large(self) -> Refusal:
        """Return the refusal of a body that is longer than the policy allows."""
        return Refusal(413, f"the body is longer than {self.policy.max_body} bytes")

    def _answer_by_head(self, request: ProxyRequest) -> Reply | None:
        if request.verb == "OPTIONS":
            return self._origins.preflight(request)
        if request.verb not in ("GET", "POST"):
            raise Refusal(405, "use POST or GET", headers={"allow": VERBS})
        check_content_type(request)
        if exceeds(request.headers.get("content-length", "0"), self.policy.max_body):
            raise self.too_large()
        return None

    def answer(self, request: ProxyRequest, body: bytes, visitor: Visitor | None) -> Flow:
        yield from count_request(self.policy, request, visitor)
        call = read_call(request, body, self.policy)
        level = self.upstream.levels.get(call.method)
        self.policy.check(call.method, level, visitor is not None)
        assert level is not None
        plan, credentials = self._make_plan(request, call, level, visitor)
        caller, max_age = in_flight_key(request, visitor), 0.0
        if call.method == ECHO:
            content = call.answer_format.echo(call.echo)
            self.upstream.scan(ECHO, content, credentials)
        elif credentials:
            flow = fetch(self.upstream, self.policy, call, plan, credentials)
            content = (yield InFlightCall(flow, caller, cancellable=not plan.writes)).body
        else:
            flow = fetch(self.upstream, self.policy, call, plan, None)
            cached = yield from fetch_with_cache(self.policy, call, flow, caller)
            content, max_age = cached.body, cached.max_age
        reply = Reply(200, call.answer_format.headers, call.answer_format.wrap(content))
        return with_cache_headers(request, reply, max_age, private=self._has_authenticator)

    def _make_plan(
        self, request: ProxyRequest, call: ApiCall, level: int, visitor: Visitor | None
    ) -> tuple[Plan, Credentials | None]:
        """Return the plan of a call, and the credentials that sign it; None for an unsigned call.

        Raises `Refusal` if the method must be signed, but the request does not allow it.
        """
        if visitor is None:
            return Plan(self.upstream.client, call.method, call.arguments), None
        credentials = self.upstream.credentials_for(visitor)
        # Any page can make a browser send a GET with the visitor's cookies.
        refused_get = request.verb == "GET" and (may_write(level) or is_from_page(request))
        may_sign = credentials and not refused_get and self.policy.perms != "none"
        sign = bool(may_sign and self._wants_signature(call, visitor))
        plan = Plan(self.upstream.client, call.method, call.arguments, sign)
        if not plan.is_signed:
            return plan, None
        if refused_get:
            headers = {"allow": "POST, OPTIONS"}
            message = f"{call.method} is not signed for this GET: use POST"
            raise Refusal(405, message, headers=headers)
        check_cookie(request, "a call")
        if credentials is None or (needs_login(level) and not credentials.access_token):
            raise login_refusal(call.method)
        return plan, credentials

    def _wants_signature(self, call: ApiCall, visitor: Visitor) -> bool:
        """Return True if a call is to be signed although its method works without a signature.

        A visitor's own token signs as in a client. The site's token signs only calls with
        `authenticated` or `user_id=me`, because its owner is not the visitor.
        """
        own = visitor.credentials is not None
        if call.authenticated is not None:
            return call.authenticated
        if own and self.upstream.options.get("force_auth"):
            return True
        return means_caller(self.upstream.client.table, call.method, call.arguments, own)
