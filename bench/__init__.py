"""Benchmarks of the bundles, the client, the proxy and the sandbox, compared with their peers."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
