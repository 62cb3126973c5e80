"""Upload and replace: files that come in, and the photos that they become."""
