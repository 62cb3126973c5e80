"""The steps of a run of downsync: list, fetch and write photos, albums and collections, and remove."""
