"""Flickr's reflection of its own API: asked for, read, checked and corrected."""
