"""The pace of calls and downloads that Flickr accepts, and the time that a first run takes at it."""
