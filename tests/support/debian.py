"""Install programs for tests from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable


def ensure(find: Callable[[], str | None], package: str, advice: str) -> int:
    """Install `package`, as root, if `find` finds no program; return the exit status.

    It is 1, after printing one line of advice, if the program is still missing.
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
