"""One upload through the proxy: whether it may pass, who signs it, what comes back. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Request
from pyflickr_web.core.levels import allows
from pyflickr_web.errors import OptionError
from pyflickr_web.proxy.effects import InFlightCall
from pyflickr_web.proxy.forms import XML, Form
from pyflickr_web.proxy.hosts import check_host
from pyflickr_web.proxy.incoming import LAST, Incoming, too_large
from pyflickr_web.proxy.message import JSON, ProxyRequest, Refused, Reply, Visitor, dumped
from pyflickr_web.proxy.origins import Origins, check_cookie
from pyflickr_web.proxy.parts import boundary_of
from pyflickr_web.proxy.policy import Policy
from pyflickr_web.proxy.rates import charge, count, in_flight_key
from pyflickr_web.proxy.reading import exceeds
from pyflickr_web.proxy.upstream import Trouble, Upstream, answered, no_login
from pyflickr_web.transports.message import Credentials
from pyflickr_web.transports.stream import Pieces, Receive, StreamBody, StreamRequest
from pyflickr_web.upload import multipart, service

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyflickr_web.core.flow import Flow, Response

VERBS = "POST, OPTIONS"
PATH = "/upload"


def is_upload(path: str) -> bool:
    """Whether a path, below where the proxy is, is that of uploads."""
    return path.rstrip("/").endswith(PATH)


class Uploads:
    """Answers uploads, by a policy; `visited` says that an authenticator stands in front of it.

    An adapter asks `opening` first, which needs no body; then its authenticator, which sees none;
    then `answer`, which has it read.
    """

    def __init__(self, upstream: Upstream, policy: Policy, origins: Origins, visited: bool) -> None:
        if policy.upload and not visited:
            raise OptionError("upload: needs an authenticator, or anybody could upload as you")
        if policy.upload and not allows(policy.perms, "write"):
            raise OptionError('upload: needs perms="write", or "delete"')
        self._upstream = upstream
        self._policy = policy
        self._origins = origins

    def opening(self, request: ProxyRequest) -> Reply | None:
        """What headers alone decide: a preflight's answer, a refusal; None where the rest matters."""
        try:
            return self._opening(request)
        except Refused as refused:
            return refused.reply()

    def answer(
        self, request: ProxyRequest, visitor: Visitor | None, source: Callable[[], Any]
    ) -> Flow:
        """Returns the `Reply`; `visitor` is whom the authenticator let in. The request's body comes
        from `source`, in pieces, after the last of which it gives none."""
        try:
            return (yield from self._answer(request, visitor, source))
        except Refused as refused:
            return refused.reply()

    def _opening(self, request: ProxyRequest) -> Reply | None:
        check_host(self._policy.hosts, request)
        self._origins.check(request)
        if not self._policy.upload:
            raise Refused(404, "this proxy takes no uploads: its setting upload is off")
        if request.verb == "OPTIONS":
            return self._origins.preflight(request)
        if request.verb != "POST":
            raise Refused(405, "upload by POST", headers={"allow": VERBS})
        boundary_of(request.headers.get("content-type", ""))
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise Refused(415, "the body must not be compressed")
        check_cookie(request, "an upload")
        length = request.headers.get("content-length")
        if not length:
            raise Refused(411, "an upload must tell its Content-Length")
        if exceeds(length, self._policy.max_upload + self._policy.max_body):
            raise too_large(self._policy)
        return None

    def _answer(
        self, request: ProxyRequest, visitor: Visitor | None, source: Callable[[], Any]
    ) -> Flow:
        yield from count(self._policy, request, visitor)
        credentials = self._upstream.signing_for(visitor) if visitor else None
        if credentials is None or not credentials.access_token:
            raise no_login("an upload")
        flow = self._forward(request, credentials, source)
        who = in_flight_key(request, visitor)
        return (yield InFlightCall(flow, who, cancellable=False))

    def _forward(
        self, request: ProxyRequest, credentials: Credentials, source: Callable[[], Any]
    ) -> Flow:
        """Forward an upload that may pass; the flow returns the `Reply`."""
        boundary = boundary_of(request.headers["content-type"])
        incoming = Incoming(boundary, int(request.headers["content-length"]), self._policy)
        while incoming.photo is None:
            incoming.feed((yield Receive(source)))
        yield from charge(self._policy, credentials.api_key)
        content = yield from self._sent(incoming, credentials, source)
        headers = {"content-type": JSON, "cache-control": "no-store"}
        return Reply(200, headers, content)

    def _sent(
        self, incoming: Incoming, credentials: Credentials, source: Callable[[], Any]
    ) -> Flow:
        """Returns Flickr's answer, as it may go on to a page."""
        assert incoming.photo is not None
        # The boundary that came may be in a part, for a reader that is less strict.
        boundary = multipart.new_boundary()
        head = multipart.head(boundary, incoming.fields, incoming.photo)
        end = multipart.end(boundary)
        streamed = StreamBody(
            multipart.content_type(boundary),
            len(head) + incoming.rest + len(end),
            lambda: _passed_on(head, incoming, end, source),
        )
        url = service.upload_url(self._upstream.options.get("base_url"))
        response = yield StreamRequest(
            Request(url, None, incoming.fields),
            credentials,
            streamed,
            self._policy.upload_timeout,
            service.LONGEST,
        )
        content = dumped(_told(response))
        self._upstream.scan("upload", content, credentials)
        return content


def _told(response: Response | None) -> dict[str, Any]:
    try:
        told = service.read_answer(answered(response, Form(XML)).body)
        if told is None:
            raise Trouble(502, "Flickr answers with an answer that is not its own")
    except Trouble as trouble:
        trouble.log("upload")
        raise
    return told


def _passed_on(head: bytes, incoming: Incoming, end: bytes, source: Callable[[], Any]) -> Pieces:
    """The form on its way out. It is as long as it was announced to be, or broken off."""
    rest = incoming.rest
    yield head
    while True:
        if photo := incoming.take():
            rest -= len(photo)
            yield photo
        if incoming.whole:
            break
        incoming.feed((yield Receive(source)))
    # What was announced has an end of line too where one came.
    yield end + LAST if rest else end
