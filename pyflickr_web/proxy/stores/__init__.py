"""Cache, rates and requests in flight: in memory, or in Redis."""
