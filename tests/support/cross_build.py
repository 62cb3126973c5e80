"""A stub of Pyodide's cross-build environment, with which pyodide-build builds pure Python packages."""

from __future__ import annotations

import io
import json
import os
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compiler.python.lock import PYODIDE_LOCK
from tests.support.folders import Folders
from tests.support.repository import ROOT
from tests.support.sockets import free_port
from tests.support.web_servers import in_threads

ARCHIVE = "xbuildenv.tar.gz"
# `make soak` downloads hatchling and its dependencies to this folder.
DEPENDENCIES = ROOT / ".venv/dependencies"
_TRIPLET = "wasm32-emscripten"
_SYSCONFIG = f"_sysconfigdata__emscripten_{_TRIPLET}"
# pyodide-build reads the variables of make's output.
_MAKEFILE = """\
export PYODIDE_ABI_VERSION={abi}
export PYODIDE_EMSCRIPTEN_VERSION={emscripten}
export PYODIDE_VERSION=0
export PYVERSION={python}
export PYMAJOR={major}
export PYMINOR={minor}
export PLATFORM_TRIPLET={triplet}
export SYSCONFIG_NAME={sysconfig}
export TARGETINSTALLDIR=$(PYODIDE_ROOT)/cpython
export PYTHONINCLUDE=$(PYODIDE_ROOT)/cpython/include
export SKIP_EMSCRIPTEN_VERSION_CHECK=1
.output_vars:
\t@env
"""


def write_archive(path: Path) -> None:
    """Write an environment for the Pyodide that npm installed, without compilers and libraries."""
    info = json.loads(PYODIDE_LOCK.read_bytes())["info"]
    major, minor = info["python"].split(".")[:2]
    makefile = _MAKEFILE.format(
        abi=info["abi_version"],
        emscripten=info["platform"].removeprefix("emscripten_").replace("_", "."),
        python=info["python"],
        major=major,
        minor=minor,
        sysconfig=_SYSCONFIG,
        triplet=_TRIPLET,
    )
    files = {
        "requirements.txt": "",
        "pyodide-root/Makefile.envs": makefile,
        f"pyodide-root/cpython/sysconfigdata/{_SYSCONFIG}.py": "build_time_vars = {}\n",
    }
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"xbuildenv/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))


@contextmanager
def serve_environment(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve the stub and the files of a folder; return the address, and variables for pyodide-build.

    With these variables, requests to other hosts fail.
    """
    write_archive(folder / ARCHIVE)
    refused = f"http://127.0.0.1:{free_port()}"
    with in_threads(Folders(folder)) as address:
        yield (
            address,
            {
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(folder),
                "SOURCE_DATE_EPOCH": "315619200",
                "DEFAULT_CROSS_BUILD_ENV_URL": f"{address}/{ARCHIVE}",
                "PYODIDE_XBUILDENV_PATH": str(folder / "xbuildenv"),
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": str(DEPENDENCIES),
                "http_proxy": refused,
                "https_proxy": refused,
                "no_proxy": "127.0.0.1",
            },
        )
