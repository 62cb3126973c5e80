"""The package's logger, `pyflickr_web`."""

from __future__ import annotations

import logging

logger = logging.getLogger("pyflickr_web")
# Without a handler, Python prints warnings to stderr.
logger.addHandler(logging.NullHandler())
