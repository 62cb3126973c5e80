"""Count the tags of many photos in a worker, which keeps the page responsive."""

from gallery import show_message
from pyscript import document

from pyflickr_web import Flickr, FlickrError

ENDPOINT = "/services/rest/"  # the address of your proxy
PHOTOS = 200

flickr = Flickr(endpoint=ENDPOINT)


async def count_tags():
    """Return how many of the photos have each tag."""
    counts = {}
    number = 0
    async for photo in flickr.photos.search.all(text="red panda", per_page=25, extras="tags"):
        for tag in photo["tags"].split():
            counts[tag] = counts.get(tag, 0) + 1
        number += 1
        if number == PHOTOS:
            break
        if number % 25 == 0:
            show_message(f"{number} photos …")
    show_message(f"The tags of {number} photos")
    return counts


def show_counts(counts):
    for tag, count in sorted(counts.items(), key=lambda item: -item[1])[:12]:
        item = document.createElement("li")
        item.textContent = f"{tag}: {count}"
        document.querySelector("#tags").append(item)


try:
    show_counts(await count_tags())
except FlickrError as error:
    show_message(str(error))
