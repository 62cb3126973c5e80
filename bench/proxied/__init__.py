"""The peer proxies of the proxy's benchmark: node-flickrapi's, and a minimal pass-through."""
