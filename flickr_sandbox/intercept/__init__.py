"""Play Flickr's own hosts as an HTTP(S) proxy, for programs with fixed addresses."""
