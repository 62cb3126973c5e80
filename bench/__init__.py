"""Benchmarks of the bundles, the client, the proxy, the mirror and the sandbox, beside their peers."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
