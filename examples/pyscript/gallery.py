"""The part of a page that shows photos, which all of the examples share."""

from pyscript import document

from pyflickr_web import Flickr

_message = document.querySelector("#message")
_photos = document.querySelector("#photos")


def tell(text):
    _message.textContent = text


def clear():
    _photos.replaceChildren()


def show(photo):
    figure = document.createElement("figure")
    image = document.createElement("img")
    image.src = Flickr.photo_url(photo) or ""
    image.alt = photo["title"]
    caption = document.createElement("figcaption")
    caption.textContent = photo["title"]
    figure.append(image, caption)
    _photos.append(figure)


def end_is_near():
    """Whether less than a screen of photos is left to scroll to."""
    window_height = document.documentElement.clientHeight
    return _photos.getBoundingClientRect().bottom < 2 * window_height
