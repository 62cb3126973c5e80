"""Upload a file of the page's site; report the photo's id, or the error, and the last progress."""

import js
from pyscript import window

import pyflickr_web

flickr = pyflickr_web.Flickr(endpoint="/services/rest/")
events = []


def show_progress(event):
    events.append(f"{event.loaded}/{event.total}")


try:
    blob = await (await js.fetch("/fox.jpg")).blob()
    photo = js.File.new(js.Array.of(blob), "Füchse.jpg")
    answer = await flickr.upload(
        photo=photo,
        title="Grüße | ` ^",
        tags=["happy fox", "x"],
        onprogress=show_progress,
    )
    window.report = answer["photoid"] + " " + events[-1]
except pyflickr_web.FlickrError as error:
    window.report = str(error)
