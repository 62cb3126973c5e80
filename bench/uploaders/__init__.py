"""The peer uploaders of the benchmark of uploads: flickrapi, and flickr-uploader."""
