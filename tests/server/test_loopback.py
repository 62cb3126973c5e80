"""The browser comes back to this machine."""

from __future__ import annotations

import socket
import struct

import pytest

from pyflickr_web.oauth.loopback import HOST, Loopback


def test_browser_that_breaks_off_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with Loopback() as listener, socket.create_connection((HOST, listener.server_port)) as browser:
        # Closing resets the connection, with what was sent unread.
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        browser.sendall(b"GET / HTTP/1.1\r\n")
        browser.close()
        listener.timeout = 5
        listener.handle_request()
    assert capsys.readouterr().err == ""
