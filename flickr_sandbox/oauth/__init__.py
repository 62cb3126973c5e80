"""Flickr's OAuth 1.0a: verify signed requests, and issue tokens."""
