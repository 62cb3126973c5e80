"""Searches photos with an API key alone, and shows them."""

from pyscript import document, when, window

from pyflickr_web import Flickr, FlickrError

API_KEY = "demo"  # your own, from the account at Flickr; this one works with the stand-in alone

# The stand-in is where this page is; without a base_url it is Flickr.
base_url = window.location.origin if API_KEY == "demo" else None
flickr = Flickr.token_only(api_key=API_KEY, base_url=base_url)
message = document.querySelector("#message")
photos = document.querySelector("#photos")


def show(photo):
    figure = document.createElement("figure")
    image = document.createElement("img")
    image.src = Flickr.photo_url(photo) or ""
    image.alt = photo["title"]
    caption = document.createElement("figcaption")
    caption.textContent = photo["title"]
    figure.append(image, caption)
    photos.append(figure)


@when("submit", "#search")
async def search(event):
    event.preventDefault()
    text = document.querySelector("input").value
    message.textContent = "Searching …"
    photos.replaceChildren()
    try:
        answer = await flickr.photos.search(text=text, per_page=12, extras="url_m")
    except FlickrError as error:
        message.textContent = str(error)
        return
    for photo in answer["photos"]["photo"]:
        show(photo)
    message.textContent = f"{answer['photos']['total']} photos"


message.textContent = "Ready."
