"""Show photos and messages in a page; all examples share this module."""

from pyscript import document

from pyflickr_web import Flickr

_message = document.querySelector("#message")
_photos = document.querySelector("#photos")


def show_message(text):
    _message.textContent = text


def clear_photos():
    _photos.replaceChildren()


def show_photo(photo):
    figure = document.createElement("figure")
    image = document.createElement("img")
    image.crossOrigin = "anonymous"  # for pages that are isolated from other sites, see server.py
    image.src = Flickr.photo_url(photo) or ""
    image.alt = photo["title"]
    caption = document.createElement("figcaption")
    caption.textContent = photo["title"]
    figure.append(image, caption)
    _photos.append(figure)


def is_near_end():
    """Return True if less than a screen of photos is left to scroll to."""
    window_height = document.documentElement.clientHeight
    return _photos.getBoundingClientRect().bottom < 2 * window_height
