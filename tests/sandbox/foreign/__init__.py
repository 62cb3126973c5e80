"""Clients of other projects, unchanged except for their address."""
