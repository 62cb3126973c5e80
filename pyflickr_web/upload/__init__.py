"""Uploads of photos: multipart forms, and Flickr's upload service."""
