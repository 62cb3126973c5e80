"""Search photos with only an API key, and show them."""

import asyncio

from gallery import clear_photos, show_message, show_photo
from pyscript import document, when, window

from pyflickr_web import Flickr, FlickrError

# Replace it by your own, from your Flickr account. This one only works with the sandbox.
API_KEY = "demo"

# The sandbox has the address of this page. Without a base_url, the client calls Flickr.
base_url = window.location.origin if API_KEY == "demo" else None
flickr = Flickr.token_only(api_key=API_KEY, base_url=base_url)

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
