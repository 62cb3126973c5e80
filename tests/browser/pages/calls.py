"""Call Flickr directly and through a proxy, and fail; report the results as JSON."""

import json

import js
from pyscript import window

from pyflickr_web import Flickr, FlickrError


async def find_error(call):
    try:
        await call
    except FlickrError as error:
        return [str(error), error.code, error.status]


site = await (await js.fetch("/demo.json")).json()
direct = Flickr.token_only(api_key=site.api_key, base_url=site.base_url)
proxied = Flickr(endpoint="/services/rest/")
no_cors = Flickr(endpoint=site.base_url + "/services/rest/")

found = await direct.photos.search(text="red panda", per_page=1)
listed = set()
async for photo in proxied.photos.search.all(text="lake", per_page=25):
    listed.add(photo["id"])
window.report = json.dumps(
    {
        "direct": int(found["photos"]["total"]),
        "listed": len(listed),
        "refused": await find_error(proxied.photos.search()),
        "no CORS": await find_error(no_cors.photos.search(text="x")),
    }
)
