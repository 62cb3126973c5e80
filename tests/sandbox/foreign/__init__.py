"""Clients that are not ours, unchanged but for their address."""
