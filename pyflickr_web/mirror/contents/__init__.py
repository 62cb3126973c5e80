"""Read the files of a mirror and judge their content: pictures, videos and JSON."""
