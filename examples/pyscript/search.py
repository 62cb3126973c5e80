"""Search photos through a proxy, and show them."""

import asyncio

from gallery import clear_photos, show_message, show_photo
from pyscript import document, when

from pyflickr_web import Flickr, FlickrError

ENDPOINT = "/services/rest/"  # the address of your proxy

flickr = Flickr(endpoint=ENDPOINT)

# The search that the page shows or waits for.
latest = None


@when("submit", "#search")
def start_search():
    """Search for the text in the field. A search that is still running is cancelled first."""
    global latest
    if latest:
        latest.cancel()
    latest = asyncio.create_task(search(document.querySelector("input").value))


async def search(text):
    show_message("Searching …")
    clear_photos()
    try:
        answer = await flickr.photos.search(text=text, per_page=12, extras="url_m")
    except FlickrError as error:
        show_message(str(error))
        return
    for photo in answer["photos"]["photo"]:
        show_photo(photo)
    show_message(f"{answer['photos']['total']} photos")


# Also for a visitor who submitted the form before Python was there.
start_search()
