"""Kill this process in the middle of a download: `python -m tests.mirror.killed_download URL DIR`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from unittest.mock import patch

from pyflickr_web.mirror.download import Downloads
from pyflickr_web.mirror.files import parts
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.parts import PartSink
from pyflickr_web.mirror.metadata.pictures import Picture
from tests.mirror.virtual_time import drive_in_threads

CHECKPOINT = 1024 * 1024
KILLED_AT = CHECKPOINT * 3 // 2
_PIECE = 64 * 1024


_write = PartSink.write


def write_and_die(sink: PartSink, piece: bytes) -> None:
    """Write in small pieces, and kill the process after some of them."""
    for start in range(0, len(piece), _PIECE):
        _write(sink, piece[start : start + _PIECE])
        if sink._path.stat().st_size >= KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, root: Path) -> None:
    parts.CHECKPOINT = CHECKPOINT
    picture = Picture("images/original/53.mp4", f"{url}/film")
    with patch.object(PartSink, "write", write_and_die):
        drive_in_threads(Downloads(MirrorFolder(root), {"base_url": url}).fetch(picture))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
