"""The types of Flickr's answers, from `reflection/answers/`."""
