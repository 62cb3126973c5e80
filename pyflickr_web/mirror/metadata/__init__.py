"""Photos, albums and collections: from the form in Flickr's answers to the form in a mirror."""
