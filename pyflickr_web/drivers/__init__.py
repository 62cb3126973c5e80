"""What runs flows on a server: one driver for threads, one for tasks."""
