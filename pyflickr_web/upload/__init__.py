"""Photos on their way to Flickr."""
