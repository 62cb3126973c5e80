"""PyScript pages that show photos from Flickr: `python -m examples.pyscript`."""
