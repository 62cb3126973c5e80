"""Code that tests in more than one folder share."""
