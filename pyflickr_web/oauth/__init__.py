"""OAuth 1.0a (RFC 5849): credentials, and how a request is signed with them."""
