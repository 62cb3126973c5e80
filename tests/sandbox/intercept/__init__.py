"""The sandbox as a proxy that plays Flickr's own hosts."""
