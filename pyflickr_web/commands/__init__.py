"""The subcommands of `pyflickr-web`."""
