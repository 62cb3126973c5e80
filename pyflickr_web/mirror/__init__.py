"""The mirror: a person's photos, albums and metadata in a folder of their own disk."""
