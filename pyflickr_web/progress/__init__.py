"""Displays of progress: bars in a terminal, lines elsewhere."""
