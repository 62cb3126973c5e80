"""Shows recent photos without an end: more of them whenever the reader nears the last one."""

import asyncio

from pyscript import document, window

from pyflickr_web import Flickr, FlickrError

ENDPOINT = "/services/rest/"  # where your proxy is

flickr = Flickr(endpoint=ENDPOINT)
message = document.querySelector("#message")
photos = document.querySelector("#photos")


def show(photo):
    figure = document.createElement("figure")
    image = document.createElement("img")
    image.src = Flickr.photo_url(photo) or ""
    image.alt = photo["title"]
    figure.append(image)
    photos.append(figure)


def wanted():
    """Whether the last photo is less than a screen away."""
    return message.getBoundingClientRect().top < 2 * window.innerHeight


async def main():
    count = 0
    async for photo in flickr.photos.search.all(text="red panda", per_page=24, extras="url_m"):
        while not wanted():
            await asyncio.sleep(0.1)
        show(photo)
        count += 1
        message.textContent = f"{count} photos"
    message.textContent = f"All {count} photos"


photos.after(message)
try:
    await main()
except FlickrError as error:
    message.textContent = str(error)
