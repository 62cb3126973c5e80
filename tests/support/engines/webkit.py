"""`python webkit.py WEBDRIVER XVFB PROXY`: drive WebKit's MiniBrowser on a display of its own.

Each line of standard input is a command in JSON, `[name, …arguments]`; each is answered with a line:
`{"result": …}` or `{"error": …}`. The browser and the display end with standard input.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

# WebDriver's scripts are bodies of functions, which call their last argument.
SCRIPT = """const [value, done] = arguments;
Promise.resolve((CODE)(value)).then(
  (result) => done({ result: result ?? null }),
  (error) => done({ error: String(error) }));"""
SCRIPT_SECONDS = 120
LOOPBACK = ("127.0.0.1", "localhost")


@contextmanager
def display(xvfb: str) -> Iterator[str]:
    """Run a virtual display; yield its name."""
    reader, writer = os.pipe()
    command = [xvfb, "-displayfd", str(writer), "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as process:
        os.close(writer)
        try:
            # Xvfb chooses a free number.
            with os.fdopen(reader) as number:
                yield ":" + number.readline().strip()
        finally:
            process.terminate()


@contextmanager
def browser(webdriver: str, screen: str, proxy: str) -> Iterator[WebKitGTK]:
    """Run a browser."""
    options = Options()
    # Other machines are asked through a proxy that does not answer; loopback needs none. MiniBrowser
    # crashes at times if the proxy is a capability of the session instead.
    for argument in (
        "automation",
        f"proxy=http://{proxy}",
        *(f"ignore-host={h}" for h in LOOPBACK),
    ):
        options.add_argument(f"--{argument}")
    # Workers that access their page need shared memory, which Safari has and WebKitGTK hides.
    environment = {"DISPLAY": screen, "JSC_useSharedArrayBuffer": "1"}
    driver = WebKitGTK(options, Service(webdriver, env=os.environ | environment))
    driver.set_script_timeout(SCRIPT_SECONDS)
    try:
        yield driver
    finally:
        driver.quit()


def run(driver: WebKitGTK, name: str, *values: Any) -> dict[str, Any]:
    """Run a command; return its answer."""
    result: Any = None
    if name == "version":
        result = "webkit/" + driver.capabilities["browserVersion"]
    elif name == "reset":
        driver.delete_all_cookies()
        driver.get("about:blank")
    elif name == "open":
        driver.get(values[0])
    elif name == "evaluate":
        answer: dict[str, Any] = driver.execute_async_script(
            SCRIPT.replace("CODE", values[0]), values[1]
        )
        return answer
    elif name == "setFile":
        driver.find_element(By.CSS_SELECTOR, values[0]).send_keys(values[1])
    else:
        raise ValueError(f"unknown command {name}")
    return {"result": result}


def main() -> None:
    """Answer the commands of standard input."""
    webdriver, xvfb, proxy = sys.argv[1:]
    # By an exception, so that the browser and the display also end.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    socket.setdefaulttimeout(SCRIPT_SECONDS + 30)
    # Selenium warns of its own calls.
    warnings.simplefilter("ignore", DeprecationWarning)
    with display(xvfb) as screen, browser(webdriver, screen, proxy) as driver:
        for line in sys.stdin:
            try:
                answer = run(driver, *json.loads(line))
            except WebDriverException as error:
                answer = {"error": str(error)}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
