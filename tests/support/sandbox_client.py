"""Call a sandbox with requests and requests-oauthlib, independently of our own client."""

from __future__ import annotations

from typing import Any

import requests
from requests_oauthlib import OAuth1

from flickr_sandbox import Sandbox
from tests.support.timeouts import TIMEOUT


class Client:
    """A client of the owner of a sandbox's API key."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.rest = sandbox.url + "/services/rest/"
        self.session = requests.Session()
        account = sandbox.account
        self.auth = OAuth1(
            account.api_key, account.secret, account.access_token, account.access_token_secret
        )

    def call_public(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Return the answer to an unsigned call; `method` is without `flickr.`."""
        return self._get(method, arguments, auth=None)

    def call_signed(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Return the answer to a call signed with the account's token."""
        return self._get(method, arguments, auth=self.auth)

    def _get(self, method: str, arguments: dict[str, Any], auth: OAuth1 | None) -> dict[str, Any]:
        query = {"method": f"flickr.{method}", "format": "json", "nojsoncallback": "1", **arguments}
        query.setdefault("api_key", self.sandbox.account.api_key)
        response = self.session.get(self.rest, params=query, auth=auth, timeout=TIMEOUT)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def raw(self, verb: str = "GET", **settings: Any) -> requests.Response:
        """Send a request to the REST address, with settings of `requests.request`."""
        return self.session.request(verb, self.rest, timeout=TIMEOUT, **settings)
