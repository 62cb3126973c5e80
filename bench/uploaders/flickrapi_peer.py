"""Uploads with the PyPI package flickrapi to a sandbox, one file after the other.

`python -m bench.uploaders.flickrapi_peer FOLDER TOKENS` uploads the files of a folder; its token is in
the folder TOKENS. The sandbox and its account are in the environment (`FLICKR_…`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pyflickr_web.commands.stdio import standard_streams


def use_sandbox(tokens: Path) -> tuple[str, str]:
    """Direct flickrapi to the sandbox and save its token in `tokens`; return the key and the secret."""
    import flickrapi
    import flickrapi.auth

    base = os.environ["FLICKR_BASE_URL"]
    flickrapi.FlickrAPI.REST_URL = f"{base}/services/rest/"
    flickrapi.FlickrAPI.UPLOAD_URL = f"{base}/services/upload/"
    flickrapi.FlickrAPI.REPLACE_URL = f"{base}/services/replace/"
    key = os.environ["FLICKR_API_KEY"]
    token = flickrapi.auth.FlickrAccessToken(
        os.environ["FLICKR_ACCESS_TOKEN"], os.environ["FLICKR_ACCESS_TOKEN_SECRET"], "delete"
    )
    flickrapi.tokencache.OAuthTokenCache(key, path=str(tokens)).token = token
    return key, os.environ["FLICKR_SECRET"]


def main() -> None:
    import flickrapi

    folder, tokens = map(Path, sys.argv[1:])
    key, secret = use_sandbox(tokens)
    flickr = flickrapi.FlickrAPI(key, secret, token_cache_location=str(tokens))
    for path in sorted(folder.iterdir()):
        flickr.upload(filename=str(path))


if __name__ == "__main__":
    with standard_streams():
        main()
