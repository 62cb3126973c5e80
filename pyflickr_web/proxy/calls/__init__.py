"""Decisions about a call through the proxy. No I/O."""
