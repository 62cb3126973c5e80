"""The files of photos: pictures and videos made from a seed, and uploads."""
