"""Upload a file of the page's site; report the photo's id or the error."""

import js
from pyscript import window

import pyflickr_web

flickr = pyflickr_web.Flickr(endpoint="/services/rest/")
try:
    blob = await (await js.fetch("/fox.jpg")).blob()
    photo = js.File.new(js.Array.of(blob), "Füchse.jpg")
    answer = await flickr.upload(photo=photo, title="Grüße | ` ^", tags=["happy fox", "x"])
    window.report = answer["photoid"]
except pyflickr_web.FlickrError as error:
    window.report = str(error)
