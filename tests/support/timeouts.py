"""The timeout of tests."""

# Seconds to wait for an event, an answer or the end of a program. It only ends tests that would hang,
# so it is long enough for a slow and busy machine.
TIMEOUT = 180
