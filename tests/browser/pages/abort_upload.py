"""Abort an upload by its signal at its first progress; report what it raises."""

import asyncio

import js
from pyscript import window

import pyflickr_web

flickr = pyflickr_web.Flickr(endpoint="/services/rest/")
controller = js.AbortController.new()


def abort(event):
    controller.abort()


blob = await (await js.fetch("/fox.jpg")).blob()
photo = js.Blob.new(js.Array.of(blob, js.Uint8Array.new(15_000_000)))
try:
    await flickr.upload(photo=photo, onprogress=abort, signal=controller.signal)
    window.report = "uploaded"
except asyncio.CancelledError:
    # The browser has closed the connection when it sends its next request.
    await js.fetch("/pages/classic.js")
    window.report = "cancelled"
except Exception as error:
    window.report = str(error)
