"""Searches photos through a proxy, and shows them."""

from pyscript import document, when

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
