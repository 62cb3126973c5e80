"""Sign requests with oauthlib; tests may change each part."""

from __future__ import annotations

import base64
import hmac
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import requests
from oauthlib.oauth1.rfc5849 import signature

from flickr_sandbox import Sandbox
from tests.support.timeouts import TIMEOUT

Pairs = Sequence[tuple[str, str]]
Changes = Mapping[str, str | None]
NO_CHANGES: Changes = {}


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with keys; `token` None signs without a token."""

    key: str
    secret: str = field(repr=False)
    token: str | None = None
    token_secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, sandbox: Sandbox, token: bool = True) -> Signer:
        """Return a signer with the keys of a sandbox's account, or without its token."""
        account = sandbox.account
        if not token:
            return cls(account.api_key, account.secret)
        return cls(
            account.api_key, account.secret, account.access_token, account.access_token_secret
        )

    def protocol(self, changes: Changes) -> dict[str, str]:
        """Return the protocol parameters, without the signature."""
        all_: dict[str, str | None] = {
            "oauth_consumer_key": self.key,
            "oauth_token": self.token,
            "oauth_nonce": uuid.uuid4().hex,
            "oauth_timestamp": str(int(time.time())),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_version": "1.0",
            **changes,
        }
        return {name: value for name, value in all_.items() if value is not None}

    def base_string(self, verb: str, url: str, parameters: Pairs) -> str:
        """Return the signature base string."""
        normal = signature.normalize_parameters(parameters)  # type: ignore[arg-type]
        address = signature.base_string_uri(url)
        return signature.signature_base_string(verb, address, normal)  # type: ignore[arg-type]

    def signature(self, base_string: str) -> str:
        """Return the signature of a base string."""
        key = f"{quote(self.secret, safe='')}&{quote(self.token_secret, safe='')}"
        return base64.b64encode(hmac.digest(key.encode(), base_string.encode(), "sha1")).decode()


def send(
    signer: Signer,
    url: str,
    arguments: Pairs = (),
    verb: str = "GET",
    place: str = "header",
    changes: Changes = NO_CHANGES,
) -> requests.Response:
    """Send a signed request whose protocol parameters go to `place`: header, query or form.

    Arguments go to the query of a GET, and to the form of a POST. `changes` replace protocol
    parameters, including the signature; None removes a parameter.
    """
    protocol = signer.protocol(changes)
    if "oauth_signature" not in changes:
        base = signer.base_string(verb, url, [*arguments, *protocol.items()])
        protocol["oauth_signature"] = signer.signature(base)
    query, form = (list(arguments), []) if verb == "GET" else ([], list(arguments))
    settings: dict[str, Any] = {}
    if place == "header":
        parts = (f'{name}="{quote(value, safe="")}"' for name, value in protocol.items())
        settings["headers"] = {"Authorization": "OAuth " + ", ".join(parts)}
    else:
        (query if place == "query" else form).extend(protocol.items())
    if form:
        settings["headers"] = settings.get("headers", {}) | {
            "Content-Type": "application/x-www-form-urlencoded"
        }
        settings["data"] = urlencode(form)
    address = f"{url}?{urlencode(query)}" if query else url
    return requests.request(verb, address, timeout=TIMEOUT, **settings)
