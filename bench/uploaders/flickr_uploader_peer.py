"""The PyPI program flickr-uploader, against a sandbox.

`python -m bench.uploaders.flickr_uploader_peer PROGRAM FOLDER STATE PROCESSES`: run its script PROGRAM
on the files of a folder; its settings, database and token are in the folder STATE.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

from bench.uploaders.flickrapi_peer import use_sandbox
from pyflickr_web.commands.stdio import standard_streams

SETTINGS = """
[Config]
FILES_DIR = {folder!r}
FLICKR = {{"title": "", "description": "", "tags": "", "is_public": "0", "is_friend": "0",
    "is_family": "0", "api_key": {key!r}, "secret": {secret!r}}}
SLEEP_TIME = 1
DRIP_TIME = 1
DB_PATH = {database!r}
LOCK_PATH = {lock!r}
TOKEN_CACHE = {state!r}
EXCLUDED_FOLDERS = []
IGNORED_REGEX = []
ALLOWED_EXT = ["jpg"]
CONVERT_RAW_FILES = False
RAW_EXT = []
RAW_TOOL_PATH = "/usr/bin/"
FILE_MAX_SIZE = 50000000
MANAGE_CHANGES = True
FULL_SET_NAME = False
MAX_SQL_ATTEMPTS = 3
MAX_UPLOAD_ATTEMPTS = 10
LOGGING_LEVEL = 40
ROTATING_LOGGING = False
ROTATING_LOGGING_PATH = {log!r}
ROTATING_LOGGING_FILE_SIZE = 1000000
ROTATING_LOGGING_FILE_COUNT = 1
ROTATING_LOGGING_LEVEL = 40
"""


def main() -> None:
    program, folder, given, processes = sys.argv[1:]
    state = Path(given)
    key, secret = use_sandbox(state)
    settings = state / "uploadr.ini"
    text = SETTINGS.format(
        folder=folder,
        key=key,
        secret=secret,
        state=given,
        database=str(state / "flickrdb"),
        lock=str(state / ".lock"),
        log=str(state / "log"),
    )
    settings.write_text(text)
    os.chdir(state)
    sys.path.insert(0, str(Path(program).parent.parent))
    sys.argv = [program, "--config-file", str(settings)]
    if int(processes) > 1:
        sys.argv += ["--processes", processes]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    with standard_streams():
        main()
