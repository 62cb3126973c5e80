"""The addresses of the OAuth flow: `/services/oauth/…`, and `/services/auth/` from before OAuth.

Their pages ask for consent, and tell how the flow ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from aiohttp import web

from flickr_sandbox.call import Failure
from flickr_sandbox.messages import Received, plain, receive
from flickr_sandbox.oauth import grants, token_calls
from flickr_sandbox.oauth.grants import PERMS, Closed, Consent, Decision
from flickr_sandbox.oauth.signature import Refusal
from flickr_sandbox.oauth.verify import identify
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
KEY_SHOWN = 6
"""How many digits of an application's key a page shows."""


def consent_page(asked: Consent, name: str) -> str:
    """The page with the two buttons; `name` is that of the field that holds the token or frob."""
    return _template("consent.html").substitute(
        application=escape(asked.api_key[:KEY_SHOWN]),
        person=escape(asked.person["realname"] or asked.person["username"]),
        username=escape(asked.person["username"]),
        perms=PERMS[asked.perms],
        meaning="".join(f"<li>{escape(line)}</li>" for line in MEANING[asked.perms]),
        name=name,
        token=escape(asked.token),
        ticket=escape(asked.ticket),
    )


def message_page(title: str, text: str, code: str = "") -> str:
    """A page that tells something, and perhaps a code to type into the application."""
    shown = f'<p><code id="verifier">{escape(code)}</code></p>' if code else ""
    return _template("message.html").substitute(title=escape(title), text=escape(text), code=shown)


@cache
def _template(name: str) -> Template:
    return Template(files(__package__).joinpath(name).read_text("utf-8"))


PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
_AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class OAuth:
    """Answers them. With `plain_consent` a form that no page sent can allow, for tests without a
    browser: `oauth_token`, `perms` and `answer=allow`."""

    store: Store
    plain_consent: bool = False

    def add_to(self, app: web.Application) -> None:
        """Serve the addresses, with and without a slash at their ends."""
        for path, serve, verbs in (
            ("/services/oauth/request_token", self.request_token, ("GET", "POST")),
            ("/services/oauth/access_token", self.access_token, ("GET", "POST")),
            ("/services/oauth/authorize", self.authorize, ("GET", "POST")),
            ("/services/auth", self.before_oauth, ("GET", "POST")),
        ):
            for verb in verbs:
                app.router.add_route(verb, path, serve)
                app.router.add_route(verb, path + "/", serve)

    async def request_token(self, request: web.Request) -> web.Response:
        """A request token, for an application."""
        return self._answer(token_calls.request_token, await receive(request))

    async def access_token(self, request: web.Request) -> web.Response:
        """An access token, for a request token that somebody allowed."""
        return self._answer(token_calls.access_token, await receive(request))

    async def authorize(self, request: web.Request) -> web.Response:
        """The page that asks a person, and where its buttons lead."""
        parameters = (await receive(request)).parameters
        return self._ask(request.method, parameters, "oauth_token")

    async def before_oauth(self, request: web.Request) -> web.Response:
        """The same for a frob; its address must be signed by `api_sig`."""
        received = await receive(request)
        try:
            if request.method == "GET" and not identify(self.store, received).signed:
                raise Closed("The address lacks its signature, api_sig.")
        except (Closed, Failure, Refusal) as failed:
            return _page(message_page("Not possible", str(failed)), 400)
        return self._ask(request.method, received.parameters, "frob")

    def _answer(self, step: Callable[[Store, Received], str], received: Received) -> web.Response:
        try:
            return plain(step(self.store, received))
        except Refusal as refused:
            return plain(refused.body, refused.status)

    def _ask(self, verb: str, given: Mapping[str, str], name: str) -> web.Response:
        token, frob = given.get(name, ""), name == "frob"
        try:
            if verb == "GET":
                asked = grants.show(self.store, token, _perms(given), frob=frob)
                return _page(consent_page(asked, name))
            ticket = given.get("ticket", "")
            if not ticket and self.plain_consent:
                ticket = grants.show(self.store, token, _perms(given), frob=frob).ticket
            allowed = _allowed(given.get("answer", ""))
            return _ended(grants.decide(self.store, token, ticket, allowed, frob=frob))
        except Closed as closed:
            return _page(message_page("Not possible", str(closed)), 400)


def _perms(given: Mapping[str, str]) -> int:
    name = given.get("perms") or "read"
    if name not in grants.PERMS[1:]:
        raise Closed("The address names no level: perms is read, write or delete.")
    return grants.PERMS.index(name)


def _allowed(answer: str) -> bool:
    if answer not in ("allow", "deny"):
        raise Closed("The answer is neither allow nor deny.")
    return answer == "allow"


def _ended(decision: Decision) -> web.Response:
    if decision.callback != grants.OOB:
        return web.Response(status=302, headers=PAGE_HEADERS | {"Location": _callback(decision)})
    if decision.verifier is None:
        return _page(message_page("Denied", "The application is not let in."))
    text = "Type this code into the application, or just go back to it if it asks for none:"
    return _page(message_page("Allowed", text, decision.verifier))


def _callback(decision: Decision) -> str:
    added = {"oauth_token": decision.token}
    if decision.verifier is None:
        added["oauth_problem"] = "permission_denied"
    else:
        added["oauth_verifier"] = decision.verifier
    scheme, host, path, query, fragment = urlsplit(decision.callback)
    joined = f"{query}&{urlencode(added)}" if query else urlencode(added)
    return quote(urlunsplit((scheme, host, path, joined, fragment)), safe=_AS_IT_IS)


def _page(text: str, status: int = 200) -> web.Response:
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=PAGE_HEADERS
    )
