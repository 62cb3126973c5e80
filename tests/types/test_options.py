"""The types of options and settings have the names that are read, and each name is described."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest

from pyflickr_web import ClientOptions, ProxyOptions
from pyflickr_web.core.levels import PERMS
from pyflickr_web.options import OBJECTS, PERMISSIONS, READERS, TOKEN_STORES, read_options
from pyflickr_web.proxy import Policy

CLIENT: ClientOptions = {
    "api_key": "k",
    "secret": "s",
    "user_id": "1@N00",
    "access_token": "t",
    "access_token_secret": "u",
    "permissions": "read",
    "callback": "oob",
    "nobrowser": True,
    "no_api": True,
    "silent": True,
    "progress": True,
    "force_auth": True,
    "retry_queries": 2,
    "max_per_hour": 3600,
    "max_answer": 1000,
    "max_download": 1000,
    "deadline": 2.5,
    "token_store": "none",
    "endpoint": "https://example.org/services/rest/",
    "base_url": "https://example.org",
    "photo_base_url": "https://example.org",
    "after_downsync": print,
    "process_credentials": print,
    "request_options": {"timeout": 5},
}
PROXY: ProxyOptions = {
    "perms": "write",
    "allow": "a.*",
    "deny": ["b.*"],
    "origins": {"https://example.org"},
    "jsonp": False,
    "hosts": ("example.org",),
    "max_body": 1,
    "max_arguments": 1,
    "max_length": 1,
    "max_answer": 1,
    "timeout": 1.5,
    "body_timeout": 1,
    "in_flight": 1,
    "in_flight_each": 1,
    "rate": "60/minute",
    "key_rate": "60/minute",
    "cache": 0,
    "cache_bytes": 0,
    "stale_if_error": 0.5,
    "redis": "redis://localhost",
    "upload": True,
    "max_upload": 1,
    "upload_timeout": 1,
}


def list_choices(kind: Any) -> tuple[str, ...]:
    """Return the texts of a `Literal` in a union."""
    return get_args(get_args(kind)[0])


def find_described(kind: type) -> Iterator[str]:
    """Yield the fields of a class that a docstring follows."""
    node = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(node, ast.ClassDef)
    for field, text in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            assert isinstance(text.value, ast.Constant) and text.value.value
            yield ast.unparse(field.target)


def test_client_options_are_those_that_are_read() -> None:
    assert set(get_type_hints(ClientOptions)) == READERS.keys() | OBJECTS.keys()
    assert not ClientOptions.__required_keys__


def test_proxy_options_are_the_settings_of_a_policy() -> None:
    assert list(get_type_hints(ProxyOptions)) == [field.name for field in fields(Policy)]
    assert not ProxyOptions.__required_keys__


@pytest.mark.parametrize("kind", [ClientOptions, Policy])
def test_each_name_is_described(kind: type) -> None:
    described = list(find_described(kind))
    assert described == [name for name in get_type_hints(kind) if name in described]
    assert len(described) == len(READERS | OBJECTS if kind is ClientOptions else fields(Policy))


def test_choices_are_those_that_are_read() -> None:
    client, proxy = get_type_hints(ClientOptions), get_type_hints(ProxyOptions)
    assert list_choices(client["permissions"]) == PERMISSIONS
    assert list_choices(client["token_store"]) == TOKEN_STORES
    assert get_args(proxy["perms"]) == PERMS


def test_options_of_the_declared_types_are_read() -> None:
    assert CLIENT.keys() == ClientOptions.__optional_keys__
    assert dict(read_options(CLIENT, {})) == CLIENT
    assert read_options({**dict.fromkeys(CLIENT), "api_key": "k"}, {}).keys() == ["api_key"]


def test_settings_of_the_declared_types_are_read() -> None:
    assert PROXY.keys() == ProxyOptions.__optional_keys__
    policy = Policy.of(PROXY)
    assert (policy.perms, policy.allow, policy.deny) == ("write", ("a.*",), ("b.*",))
    assert Policy.of({"rate": None, "key_rate": None, "redis": None}) == Policy()
