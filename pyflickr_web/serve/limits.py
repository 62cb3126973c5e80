"""The limits of `pyflickr-web serve` on the clients that connect to it. Sizes are in bytes, times in
seconds."""

from __future__ import annotations

# A request's head must be there by then.
HEAD_TIMEOUT = 10.0
# What a request may have beside its body, in its head and behind its last chunk; and for each byte of
# the body, as a chunk has a head of its own.
MAX_HEAD = 64 * 1024
MAX_CHUNK_OVERHEAD = 16
# Requests of a connection that are parsed and not answered.
MAX_PIPELINED = 16
# In this time a client takes `MIN_WRITTEN`, or all that there is.
WRITE_TIMEOUT = 20.0
MIN_WRITTEN = 100_000
# Unsent bytes of all connections of a process.
MAX_UNSENT = 32_000_000
# The system's own buffer for each connection. It reports progress by about a third of this, so it must
# not be much longer than `MIN_WRITTEN`.
SEND_BUFFER = 256 * 1024
