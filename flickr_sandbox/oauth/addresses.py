"""The addresses of the OAuth flow, `/services/oauth/…`, and of the older `/services/auth/`.

Their pages ask for consent, and show the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from aiohttp import web

from flickr_sandbox.call import Failure
from flickr_sandbox.messages import RequestData, read_request, text_response
from flickr_sandbox.oauth import grants, token_calls
from flickr_sandbox.oauth.grants import PERMS, Consent, Decision, GrantClosed
from flickr_sandbox.oauth.signature import OAuthProblem
from flickr_sandbox.oauth.verify import identify
from flickr_sandbox.render import PAGE_HEADERS, page_response, render
from flickr_sandbox.store import Store

MEANING = {
    1: ("see your private photos and albums",),
    2: ("see your private photos and albums", "upload and change photos, albums and comments"),
    3: (
        "see your private photos and albums",
        "upload and change photos, albums and comments",
        "delete photos, albums and comments",
    ),
}
KEY_DIGITS = 6
"""The number of digits of an application's key that a page shows."""

CONSENT_HEADERS = PAGE_HEADERS | {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
_SAFE_IN_URL = "!#$%&'()*+,/:;=?@[]~"


def consent_page(consent: Consent, name: str) -> str:
    """Render the page with the two buttons; `name` is the field of the token or frob."""
    return render(
        "consent.html",
        narrow=True,
        application=consent.api_key[:KEY_DIGITS],
        person=consent.person["realname"] or consent.person["username"],
        username=consent.person["username"],
        perms=PERMS[consent.perms],
        meaning=MEANING[consent.perms],
        name=name,
        token=consent.token,
        ticket=consent.ticket,
    )


def message_page(title: str, text: str, code: str = "") -> str:
    """Render a page with a message, and optionally a code to type into the application."""
    return render("message.html", narrow=True, heading=title, text=text, code=code)


@dataclass(frozen=True, slots=True)
class OAuth:
    """The handlers of the addresses. For `plain_consent` see `Settings`."""

    store: Store
    plain_consent: bool = False

    def add_to(self, app: web.Application) -> None:
        """Add the routes, with and without a trailing slash."""
        for path, serve, verbs in (
            ("/services/oauth/request_token", self.request_token, ("GET", "POST")),
            ("/services/oauth/access_token", self.access_token, ("GET", "POST")),
            ("/services/oauth/authorize", self.authorize, ("GET", "POST")),
            ("/services/auth", self.authorize_frob, ("GET", "POST")),
        ):
            for verb in verbs:
                app.router.add_route(verb, path, serve)
                app.router.add_route(verb, path + "/", serve)

    async def request_token(self, request: web.Request) -> web.Response:
        """Answer with a request token."""
        return self._answer(token_calls.request_token, await read_request(request))

    async def access_token(self, request: web.Request) -> web.Response:
        """Answer with an access token for an allowed request token."""
        return self._answer(token_calls.access_token, await read_request(request))

    async def authorize(self, request: web.Request) -> web.Response:
        """Show the consent page, and process its form."""
        parameters = (await read_request(request)).parameters
        return self._serve_consent(request.method, parameters, "oauth_token")

    async def authorize_frob(self, request: web.Request) -> web.Response:
        """Show the consent page of a frob, and process its form. `api_sig` must sign the address."""
        data = await read_request(request)
        try:
            if request.method == "GET" and not identify(self.store, data).signed:
                raise GrantClosed("The signature api_sig is missing in the address.")
        except (GrantClosed, Failure, OAuthProblem) as failed:
            return _page(message_page("Not possible", str(failed)), 400)
        return self._serve_consent(request.method, data.parameters, "frob")

    def _answer(self, step: Callable[[Store, RequestData], str], data: RequestData) -> web.Response:
        try:
            return text_response(step(self.store, data))
        except OAuthProblem as refused:
            return text_response(refused.body, refused.status)

    def _serve_consent(self, verb: str, given: Mapping[str, str], name: str) -> web.Response:
        token, frob = given.get(name, ""), name == "frob"
        try:
            if verb == "GET":
                consent = grants.open_consent(self.store, token, _parse_perms(given), frob=frob)
                return _page(consent_page(consent, name))
            ticket = given.get("ticket", "")
            if not ticket and self.plain_consent:
                ticket = grants.open_consent(
                    self.store, token, _parse_perms(given), frob=frob
                ).ticket
            allowed = _parse_answer(given.get("answer", ""))
            return _decision_response(grants.decide(self.store, token, ticket, allowed, frob=frob))
        except GrantClosed as closed:
            return _page(message_page("Not possible", str(closed)), 400)


def _parse_perms(given: Mapping[str, str]) -> int:
    name = given.get("perms") or "read"
    if name not in grants.PERMS[1:]:
        raise GrantClosed("Invalid perms in the address: use read, write or delete.")
    return grants.PERMS.index(name)


def _parse_answer(answer: str) -> bool:
    if answer not in ("allow", "deny"):
        raise GrantClosed("Invalid answer: use allow or deny.")
    return answer == "allow"


def _decision_response(decision: Decision) -> web.Response:
    if decision.callback != grants.OOB:
        return web.Response(
            status=302, headers=CONSENT_HEADERS | {"Location": _callback_url(decision)}
        )
    if decision.verifier is None:
        return _page(message_page("Denied", "The application was not allowed."))
    text = "Type this code into the application. If it does not ask for a code, just go back to it:"
    return _page(message_page("Allowed", text, decision.verifier))


def _callback_url(decision: Decision) -> str:
    added = {"oauth_token": decision.token}
    if decision.verifier is None:
        added["oauth_problem"] = "permission_denied"
    else:
        added["oauth_verifier"] = decision.verifier
    scheme, host, path, query, fragment = urlsplit(decision.callback)
    joined = f"{query}&{urlencode(added)}" if query else urlencode(added)
    return quote(urlunsplit((scheme, host, path, joined, fragment)), safe=_SAFE_IN_URL)


def _page(text: str, status: int = 200) -> web.Response:
    return page_response(text, status, CONSENT_HEADERS)
