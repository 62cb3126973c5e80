"""nginx ends TLS in front of a proxy: origins of the same site."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import trustme
from werkzeug.middleware.proxy_fix import ProxyFix

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from tests.proxy.authenticators import BADGE, KINDS
from tests.proxy.caller import Caller, refusal
from tests.proxy.servers import ADAPTERS, PATH, ProxyMount
from tests.support.nginx import nginx
from tests.support.sockets import free_port
from tests.support.web_servers import in_loop

NAME = "photos.example"
LOGIN = {"method": "flickr.test.login"}
SERVER = """
server {{
  listen 127.0.0.1:{port} ssl;
  ssl_certificate {folder}/server.pem;
  ssl_certificate_key {folder}/server.pem;
  location / {{
    proxy_pass {upstream};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-Proto $scheme;
  }}
}}
"""


@contextmanager
def tls_in_front(upstream: str) -> Iterator[tuple[str, str]]:
    """Run nginx in front of a server; yield its address, and the file of its certificate authority."""
    with tempfile.TemporaryDirectory() as folder:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(f"{folder}/authority.pem")
        certificate = authority.issue_cert(NAME, "127.0.0.1")
        certificate.private_key_and_cert_chain_pem.write_to_path(f"{folder}/server.pem")
        port = free_port()
        with nginx(SERVER.format(folder=folder, port=port, upstream=upstream)):
            yield f"https://127.0.0.1:{port}", f"{folder}/authority.pem"


@contextmanager
def behind_tls(adapter: str, options: dict[str, Any], trusts_header: bool) -> Iterator[Caller]:
    """Run a proxy behind nginx, with `X-Forwarded-Proto` trusted or not; yield its caller."""
    make, run = ADAPTERS[adapter]
    app = make(ProxyMount(Flickr(**options), KINDS["raises"]))
    settings: dict[str, Any] = {}
    if run is in_loop:
        settings = {"proxy_headers": trusts_header, "forwarded_allow_ips": "127.0.0.1"}
    elif trusts_header:
        app = ProxyFix(app, x_for=0, x_proto=1)
    with run(app, **settings) as upstream, tls_in_front(upstream) as (url, authority):
        caller = Caller(url + PATH, [])
        # Otherwise a variable of the environment may set another authority.
        caller.session.trust_env = False
        caller.session.verify = authority
        with caller.session:
            yield caller


@pytest.mark.parametrize("trusts_header", [False, True])
def test_page_over_http_is_of_another_site_if_the_scheme_is_forwarded(
    adapter: str, options: Any, flickr: Sandbox, trusts_header: bool
) -> None:
    with behind_tls(adapter, options, trusts_header) as proxy:
        proxy.wearing(Authorization=BADGE, Cookie="session=1", Host=NAME, Origin=f"https://{NAME}")
        assert proxy.ask(json=LOGIN).json()["stat"] == "ok"
        proxy.wearing(Authorization=BADGE, Cookie="session=1", Host=NAME, Origin=f"http://{NAME}")
        answer = proxy.ask(json=LOGIN)
        if trusts_header:
            assert refusal(answer) == (403, 403)
            assert "over https" in answer.json()["message"]
        else:
            assert answer.json()["stat"] == "ok"
        proxy.wearing(Authorization=BADGE, Host=NAME, Origin=f"https://{NAME}.evil.example")
        assert refusal(proxy.ask(json=LOGIN)) == (403, 403)
