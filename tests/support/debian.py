"""Programs that tests need, out of Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable


def ensure(find: Callable[[], str | None], package: str, advice: str) -> int:
    """Make sure that `find` finds a program, which `package` holds; the status to exit with.

    Root has it installed where it is missing. 1, with one line of advice, where there cannot be one.
    """
    if find():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", package]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        if find():
            return 0
    print(advice, file=sys.stderr)
    return 1
