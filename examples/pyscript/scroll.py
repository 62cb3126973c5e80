"""Shows photos without an end: more of them whenever the reader nears the last one."""

import asyncio

from gallery import end_is_near, show, tell

from pyflickr_web import Flickr, FlickrError

ENDPOINT = "/services/rest/"  # where your proxy is

flickr = Flickr(endpoint=ENDPOINT)


async def main():
    count = 0
    async for photo in flickr.photos.search.all(text="red panda", per_page=24, extras="url_m"):
        while not end_is_near():
            await asyncio.sleep(0.1)
        show(photo)
        count += 1
        tell(f"{count} photos")
    tell(f"All {count} photos")


try:
    await main()
except FlickrError as error:
    tell(str(error))
