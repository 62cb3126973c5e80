"""“Sign in with Flickr” in a web application."""
