"""Searches photos through a proxy, and shows them."""

from gallery import clear, show, tell
from pyscript import document, when

from pyflickr_web import Flickr, FlickrError

ENDPOINT = "/services/rest/"  # where your proxy is

flickr = Flickr(endpoint=ENDPOINT)


@when("submit", "#search")
async def search(event):
    event.preventDefault()
    tell("Searching …")
    clear()
    text = document.querySelector("input").value
    try:
        answer = await flickr.photos.search(text=text, per_page=12, extras="url_m")
    except FlickrError as error:
        tell(str(error))
        return
    for photo in answer["photos"]["photo"]:
        show(photo)
    tell(f"{answer['photos']['total']} photos")


tell("Ready.")
