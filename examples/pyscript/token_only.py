"""Searches photos with an API key alone, and shows them."""

from gallery import clear, show, tell
from pyscript import document, when, window

from pyflickr_web import Flickr, FlickrError

API_KEY = "demo"  # your own, from your account at Flickr; this one works with the sandbox alone

# The sandbox is where this page is; without a base_url it is Flickr.
base_url = window.location.origin if API_KEY == "demo" else None
flickr = Flickr.token_only(api_key=API_KEY, base_url=base_url)


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
