"""Run flows and send requests on a server: in threads by requests, in tasks by aiohttp."""
