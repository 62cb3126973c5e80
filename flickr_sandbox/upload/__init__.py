"""Upload and replace: receive files, and turn them into photos."""
