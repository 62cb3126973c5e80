"""Upload with progress and a short timeout; report the error."""

import js
from pyscript import window

import pyflickr_web

flickr = pyflickr_web.Flickr(endpoint="/services/rest/")


def ignore(event):
    """Take the event: with `onprogress`, the file is sent by XMLHttpRequest."""


blob = await (await js.fetch("/fox.jpg")).blob()
photo = js.Blob.new(js.Array.of(blob, js.Uint8Array.new(15_000_000)))
try:
    await flickr.with_options(timeout=0.5).upload(photo=photo, onprogress=ignore)
    window.report = "uploaded"
except Exception as error:
    window.report = str(error)
