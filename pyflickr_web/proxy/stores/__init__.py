"""Stores of the proxy, in memory or in Redis: cache, rates, requests in flight."""
