"""An application that signs in to a sandbox by OAuth, and the user who answers its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

import requests

from flickr_sandbox import Sandbox
from tests.support.signing import NO_CHANGES, Changes, Signer, send
from tests.support.timeouts import TIMEOUT


@dataclass
class OAuthClient:
    """An application that requests access to a sandbox."""

    sandbox: Sandbox

    def __post_init__(self) -> None:
        self.oauth = self.sandbox.url + "/services/oauth/"
        self.signer = Signer.of(self.sandbox, token=False)

    def request_token(
        self, callback: str = "oob", verb: str = "GET", changes: Changes = NO_CHANGES
    ) -> requests.Response:
        """Request a request token."""
        return send(
            self.signer,
            self.oauth + "request_token",
            verb=verb,
            changes={"oauth_callback": callback, **changes},
        )

    def begin(self, callback: str = "oob") -> Signer:
        """Return a signer with a new request token."""
        found = dict(parse_qsl(self.request_token(callback).text))
        return Signer(
            self.signer.key, self.signer.secret, found["oauth_token"], found["oauth_token_secret"]
        )

    def page(self, token: str | None, perms: str = "write") -> requests.Response:
        """Request the consent page."""
        return requests.get(
            self.oauth + "authorize", {"oauth_token": token, "perms": perms}, timeout=TIMEOUT
        )

    def post(self, fields: dict[str, str]) -> requests.Response:
        """Submit the page's form."""
        return requests.post(
            self.oauth + "authorize", fields, timeout=TIMEOUT, allow_redirects=False
        )

    def press_button(self, signer: Signer, answer: str = "allow", perms: str = "write") -> str:
        """Press a button of the page; return the redirect, or the text of the next page."""
        fields = fields_of(self.page(signer.token, perms).text)
        response = self.post(fields | {"answer": answer})
        return response.headers.get("Location", response.text)

    def access_token(self, signer: Signer, verifier: str | None) -> requests.Response:
        """Request an access token."""
        changes = {"oauth_verifier": verifier}
        return send(signer, self.oauth + "access_token", changes=changes)

    def finish(self, signer: Signer, verifier: str) -> Signer:
        """Return a signer with the access token."""
        found = dict(parse_qsl(self.access_token(signer, verifier).text))
        return Signer(signer.key, signer.secret, found["oauth_token"], found["oauth_token_secret"])


def fields_of(page: str) -> dict[str, str]:
    """Return the hidden fields of the consent page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page))


def code_in(page: str) -> str:
    """Return the code of nine digits on a page."""
    found = re.search(r"\d{3}-\d{3}-\d{3}", page)
    assert found, page
    return found[0]
