"""Mistakes on a server that mypy finds: each marked line gives the error code it names."""

from typing import Any

from pyflickr_web import AsyncFlickr, ClientOptions, Flickr, ProxyOptions
from pyflickr_web.proxy import proxy_asgi, proxy_wsgi


async def fails(app: Any, flickr: Flickr, params: dict[str, str]) -> None:
    Flickr("key")  # error: call-arg
    Flickr(api_kay="key")  # error: call-arg
    Flickr(api_key=3)  # error: arg-type
    Flickr(retry_queries="lots")  # error: arg-type
    Flickr(request_options=5)  # error: arg-type
    Flickr.token_only(api_kay="key")  # error: call-arg
    Flickr.authenticate(permissions="wirte")  # error: arg-type
    Flickr.begin(callbck="oob")  # error: call-arg
    Flickr.exchange("…", params, token_store="safe")  # error: arg-type
    AsyncFlickr(deadline="soon")  # error: arg-type
    AsyncFlickr.token_only(secrt="…")  # error: call-arg
    await AsyncFlickr.authenticate(nobrowser="no")  # error: arg-type
    await AsyncFlickr.begin(permissions="admin")  # error: arg-type
    await AsyncFlickr.exchange("…", params, user_id=5)  # error: arg-type
    options: ClientOptions = {"api_kay": "key"}  # error: typeddict-unknown-key
    options["silent"] = "yes"  # error: typeddict-item
    flickr.upload(title="no photo")  # error: call-overload
    flickr.upload(photos=[{"photo": "a.jpg", "titel": "x"}])  # error: typeddict-unknown-key
    flickr.upload(photo="a.jpg", safety_level="unsafe")  # error: call-overload
    flickr.replace(photo="a.jpg")  # error: call-arg
    flickr.proxy(app, perms="wirte")  # error: arg-type
    flickr.proxy(app, prems="write")  # error: call-arg
    flickr.proxy_urls(allow=3)  # error: arg-type
    proxy_asgi(flickr, timeout="5s")  # error: arg-type
    proxy_wsgi(flickr, uploads=True)  # error: call-arg
    policy: ProxyOptions = {"cache": "long"}  # error: typeddict-item
    print(options, policy)
    flickr.people.getInfo(user_id="x")["person"]["nsid"] + 1  # error: operator
    flickr.photos.search(text="x")["photos"]["photos"]  # error: typeddict-item
    flickr.photos.getPopular()["photos"]["photo"]  # error: index
    flickr.photos.serach(text="x")  # error: attr-defined
    flickr.photos.search(txt="x")  # error: call-arg
    flickr.photos.search(sort="relevant")  # error: arg-type
    flickr.photos.getInfo(photo_id=None)  # error: arg-type
