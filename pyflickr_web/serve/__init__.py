"""The application behind `pyflickr-web serve`: site, access log, server protocol."""
