"""Show endless photos: load more whenever the reader comes near the last one."""

import asyncio

from gallery import is_near_end, show_message, show_photo

from pyflickr_web import Flickr, FlickrError

ENDPOINT = "/services/rest/"  # the address of your proxy

flickr = Flickr(endpoint=ENDPOINT)


async def main():
    count = 0
    async for photo in flickr.photos.search.all(text="red panda", per_page=24, extras="url_m"):
        while not is_near_end():
            await asyncio.sleep(0.1)
        show_photo(photo)
        count += 1
        show_message(f"{count} photos")
    show_message(f"All {count} photos")


try:
    await main()
except FlickrError as error:
    show_message(str(error))
