"""Fetch, read, check and correct Flickr's reflection of its own API."""
