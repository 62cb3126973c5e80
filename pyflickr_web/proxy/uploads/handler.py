"""Decide about uploads to the proxy: access, signing, and the reply. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Request
from pyflickr_web.core.levels import allows
from pyflickr_web.proxy.calls.effects import InFlightCall
from pyflickr_web.proxy.calls.formats import XML, AnswerFormat
from pyflickr_web.proxy.calls.handler import RequestHandler
from pyflickr_web.proxy.calls.message import JSON, ProxyRequest, Refusal, Reply, Visitor, dump_json
from pyflickr_web.proxy.calls.multipart_parser import boundary_of
from pyflickr_web.proxy.calls.origins import check_cookie
from pyflickr_web.proxy.calls.policy import Policy
from pyflickr_web.proxy.calls.rates import count_key_call, count_request, in_flight_key
from pyflickr_web.proxy.calls.reading import check_uncompressed, exceeds
from pyflickr_web.proxy.calls.upstream import Upstream, UpstreamError, login_refusal, read_answer
from pyflickr_web.proxy.uploads.incoming_form import LINE_END, IncomingForm, too_large
from pyflickr_web.transports.errors import OptionError
from pyflickr_web.transports.message import BytesSink, Credentials, SendOptions
from pyflickr_web.transports.stream import Pieces, Receive, StreamBody
from pyflickr_web.upload import multipart, service

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyflickr_web.core.flow import Flow, Response

VERBS = "POST, OPTIONS"


class UploadHandler(RequestHandler):
    """Answers uploads, by a policy. The body of a request is a source: a function that returns the next
    piece, empty at the end. The authenticator does not get the body."""

    def __init__(self, upstream: Upstream, policy: Policy, has_authenticator: bool) -> None:
        if policy.upload and not has_authenticator:
            raise OptionError(
                "upload: needs an authenticator; without one, anybody could upload as you"
            )
        if policy.upload and not allows(policy.perms, "write"):
            raise OptionError('upload: needs perms="write", or "delete"')
        super().__init__(upstream, policy, has_authenticator)

    def _answer_by_head(self, request: ProxyRequest) -> Reply | None:
        if not self.policy.upload:
            raise Refusal(404, "this proxy takes no uploads: its setting upload is off")
        if request.verb == "OPTIONS":
            return self._origins.preflight(request)
        if request.verb != "POST":
            raise Refusal(405, "use POST to upload", headers={"allow": VERBS})
        boundary_of(request.headers.get("content-type", ""))
        check_uncompressed(request)
        check_cookie(request, "an upload")
        length = request.headers.get("content-length")
        if not length:
            raise Refusal(411, "an upload needs a Content-Length header")
        if exceeds(length, self.policy.max_upload + self.policy.max_body):
            raise too_large(self.policy)
        return None

    def answer(
        self, request: ProxyRequest, source: Callable[[], Any], visitor: Visitor | None
    ) -> Flow:
        yield from count_request(self.policy, request, visitor)
        credentials = self.upstream.credentials_for(visitor) if visitor else None
        if credentials is None or not credentials.access_token:
            raise login_refusal("an upload")
        flow = self._forward(request, credentials, source)
        caller = in_flight_key(request, visitor)
        return (yield InFlightCall(flow, caller, cancellable=False))

    def _forward(
        self, request: ProxyRequest, credentials: Credentials, source: Callable[[], Any]
    ) -> Flow:
        """Forward an allowed upload, and return the `Reply`."""
        boundary = boundary_of(request.headers["content-type"])
        incoming = IncomingForm(boundary, int(request.headers["content-length"]), self.policy)
        while incoming.photo is None:
            incoming.feed((yield Receive(source)))
        yield from count_key_call(self.policy, credentials.api_key)
        content = yield from self._send(incoming, credentials, source)
        headers = {"content-type": JSON, "cache-control": "no-store"}
        return Reply(200, headers, content)

    def _send(
        self, incoming: IncomingForm, credentials: Credentials, source: Callable[[], Any]
    ) -> Flow:
        """Return Flickr's answer, after a scan for credentials."""
        assert incoming.photo is not None
        # A less strict parser might find the client's boundary inside a part.
        boundary = multipart.new_boundary()
        head = multipart.head(boundary, incoming.fields, incoming.photo)
        end = multipart.end(boundary)
        stream = StreamBody(
            multipart.content_type(boundary),
            len(head) + incoming.rest + len(end),
            lambda: _outgoing_form(head, incoming, end, source),
        )
        url = service.upload_url(self.upstream.options.get("base_url"))
        sink, timeout = BytesSink(service.LONGEST), self.policy.upload_timeout
        options = SendOptions(credentials, sink=sink, timeout=timeout)
        response = yield Request(url, stream, incoming.fields, options=options)
        content = dump_json(_read_upload_answer(response))
        self.upstream.scan("upload", content, credentials)
        return content


def _read_upload_answer(response: Response | None) -> dict[str, Any]:
    outcome = read_answer(response, AnswerFormat(XML))
    if not isinstance(outcome, UpstreamError):
        content = service.read_answer(outcome.body)
        if content is not None:
            return content
        outcome = UpstreamError(502, "Flickr returned an invalid answer")
    outcome.log("upload")
    raise outcome


def _outgoing_form(
    head: bytes, incoming: IncomingForm, end: bytes, source: Callable[[], Any]
) -> Pieces:
    """Yield the form for Flickr, which has the announced Content-Length unless it is aborted."""
    rest = incoming.rest
    yield head
    while True:
        if photo := incoming.take():
            rest -= len(photo)
            yield photo
        if incoming.is_complete:
            break
        incoming.feed((yield Receive(source)))
    # The announced length includes a line end if the client's form has one.
    yield end + LINE_END if rest else end
