"""Search photos through a proxy, and show them."""

from gallery import clear_photos, show_message, show_photo
from pyscript import document, when

from pyflickr_web import Flickr, FlickrError

ENDPOINT = "/services/rest/"  # the address of your proxy

flickr = Flickr(endpoint=ENDPOINT)


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
