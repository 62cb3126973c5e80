"""What sends requests on a server: requests, and aiohttp."""
