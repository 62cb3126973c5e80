"""The environment variables that lead a program through the proxy."""

from __future__ import annotations

import json
from pathlib import Path

# Servers on this machine, such as a callback of a sign-in, are not Flickr's.
DIRECT = "localhost,127.0.0.1,::1"
NODE_PROXY = Path(__file__).with_name("node_proxy.cjs")
_CERTIFICATES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "HTTPLIB2_CA_CERTS",
    "DENO_CERT",
    "NODE_EXTRA_CA_CERTS",
)


def proxy_environ(url: str, certificate: Path) -> dict[str, str]:
    """Return the variables for the proxy at `url` and the file of its authority's certificate.

    Programs read the names of proxies in upper or lower case, curl `http_proxy` in lower case only.
    """
    proxies = {"HTTPS_PROXY": url, "HTTP_PROXY": url, "NO_PROXY": DIRECT}
    lower = {name.lower(): value for name, value in proxies.items()}
    files = dict.fromkeys(_CERTIFICATES, str(certificate))
    # JSON's quotes and escapes are those of NODE_OPTIONS.
    node = {"NODE_USE_ENV_PROXY": "1", "NODE_OPTIONS": f"--require={json.dumps(str(NODE_PROXY))}"}
    return proxies | lower | files | node
