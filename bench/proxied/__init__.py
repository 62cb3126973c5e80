"""What stands between the load and the upstream in the proxy's bench: ours, the peer's, the floor."""
