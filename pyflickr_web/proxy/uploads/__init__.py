"""Decisions about an upload through the proxy. No I/O."""
