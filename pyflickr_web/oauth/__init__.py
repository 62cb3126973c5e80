"""OAuth 1.0a (RFC 5849): sign-in by the three-legged flow, and stores for tokens."""
