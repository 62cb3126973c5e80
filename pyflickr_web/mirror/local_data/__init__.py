"""The parts of what `load_locally` returns: keys in their order, and items joined from their files."""
