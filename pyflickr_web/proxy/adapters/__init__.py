"""The proxy in servers and frameworks: ASGI, WSGI, Starlette, FastAPI, Flask, Django."""
