"""The client on a server, over sockets."""
