"""Cache and rates in a Redis, which several processes and machines may share."""
