"""Search photos with only an API key, and show them."""

from gallery import clear_photos, show_message, show_photo
from pyscript import document, when, window

from pyflickr_web import Flickr, FlickrError

API_KEY = (
    "demo"  # replace it by your own, from your Flickr account; this one only works with the sandbox
)

# The sandbox has the address of this page. Without a base_url, the client calls Flickr.
base_url = window.location.origin if API_KEY == "demo" else None
flickr = Flickr.token_only(api_key=API_KEY, base_url=base_url)


@when("submit", "#search")
async def search(event):
    event.preventDefault()
    show_message("Searching …")
    clear_photos()
    text = document.querySelector("input").value
    try:
        answer = await flickr.photos.search(text=text, per_page=12, extras="url_m")
    except FlickrError as error:
        show_message(str(error))
        return
    for photo in answer["photos"]["photo"]:
        show_photo(photo)
    show_message(f"{answer['photos']['total']} photos")


show_message("Ready.")
