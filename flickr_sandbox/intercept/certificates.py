"""A certificate authority of the sandbox's own, with one certificate for all hosts of Flickr."""

from __future__ import annotations

import ssl
from pathlib import Path

try:
    import trustme
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"intercept needs {error.name}: pip install 'pyflickr-web[sandbox]'", name=error.name
    ) from None

from flickr_sandbox.intercept.hosts import PATTERNS

FILE = "flickr-sandbox-ca.pem"


def create_authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Write the certificate of a new authority into `folder`; return its path, and a server's context.

    The authority's private key stays in memory and issues nothing else. Python reads the server's key
    only from a file: a temporary one, which is deleted at once.
    """
    authority = trustme.CA(organization_name="flickr_sandbox")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    authority.issue_cert(*PATTERNS).configure_cert(context)
    file = folder / FILE
    authority.cert_pem.write_to_path(str(file))
    return file, context
