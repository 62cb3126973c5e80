"""OAuth 1.0a as Flickr has it: who signs a request, and the dance that leads to a token."""
