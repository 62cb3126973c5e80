"""Examples of options and settings on a server, which pass mypy --strict."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyflickr_web import AsyncFlickr, ClientOptions, Flickr, FlickrError, ProxyOptions
from pyflickr_web.errors import UploadError
from pyflickr_web.proxy import proxy_asgi, proxy_wsgi


def works(app: Any, params: dict[str, str], authenticator: Callable[..., Any]) -> None:
    options: ClientOptions = {"api_key": "…", "retry_queries": True, "deadline": 20}
    options["request_options"] = {"timeout": (5, 30)}
    with Flickr(**options) as flickr:
        print(flickr.photos.search(text="red panda", authenticated=True)["photos"])
        for photo in flickr.photos.search.all(text="red panda"):
            print(flickr.photo_url(photo, "b"), flickr.download(photo, "o", "fox.jpg"))
        number: str = flickr.upload(
            photo="fox.jpg", tags=["happy fox"], safety_level="safe", hidden=True
        )
        ids: list[str] = flickr.upload(
            photos=[{"photo": b"JPEG", "title": number}, {"photo": Path("a.jpg"), "async_": True}],
            dedupe=True,
            workers=4,
            on_event=print,
        )
        print(ids, flickr.replace(photo=Path("fox.jpg"), photo_id=number).upper())
    Flickr.token_only(api_key="…", base_url=None, max_per_hour=3000)
    signed_in = Flickr.authenticate(permissions="write", token_store="keyring", silent=True)
    state = Flickr.begin(callback="https://example.org/back", permissions="read").state
    visitor: Flickr = Flickr.exchange(state, params, process_credentials=print)
    policy: ProxyOptions = {"perms": "write", "allow": ["flickr.photos.*"], "cache": 0}
    signed_in.proxy(app, "/services/rest/", authenticator, **policy)
    visitor.proxy_urls("services/rest/", origins="https://example.org", rate="60/minute")
    proxy_asgi(signed_in, authenticator, upload=True, timeout=5, redis=None)
    proxy_wsgi(signed_in, **policy)


async def awaits(options: ClientOptions, params: dict[str, str]) -> None:
    async with AsyncFlickr(**options) as flickr:
        async for photo in flickr.photos.search.all(text="red panda"):
            print(photo["title"])
        number: str = await flickr.upload(photo=iter([b"JPEG"]), length=4)
        print(await flickr.replace(photo="a.jpg", photo_id=number, dedupe=False))
    try:
        signed_in = await AsyncFlickr.authenticate(**options)
        authorization = await signed_in.begin(**options)
        await AsyncFlickr.exchange(authorization.state, params, **options)
    except UploadError as failed:
        print([result.status for result in failed.results if result.error])
    except FlickrError as error:
        print(error.code)
