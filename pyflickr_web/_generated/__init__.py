"""What the compiler writes from Flickr's reflection: `python -m compiler all`."""
