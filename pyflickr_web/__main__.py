"""`python -m pyflickr_web`: the command line."""

from pyflickr_web.cli import main

if __name__ == "__main__":
    main()
