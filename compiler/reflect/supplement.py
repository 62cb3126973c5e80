"""Additions and corrections to Flickr's reflection, as data: `reflection/supplement.json`."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from compiler.reflect.model import Api, Method

SUPPLEMENT = Path(__file__).parents[1] / "reflection" / "supplement.json"


@cache
def load_supplement() -> dict[str, Any]:
    """Return the whole supplement.

    `answered_without`: required arguments that Flickr answers without, by method, with the reason;
    `caller_methods`: methods without login that mean the caller if `user_id` is absent;
    `results_limit` by method; `values`: rules of arguments; `told_twice`: arguments by method;
    `unpaged_listings`: the methods that list something and take no page.
    """
    data: dict[str, Any] = json.loads(SUPPLEMENT.read_bytes())
    return data


def apply_corrections(api: Api) -> Api:
    """Return the reflection with optional arguments that Flickr itself flags as required.

    Clients, checks and types are rendered from this; the sandbox repeats Flickr's own flags.
    """
    return replace(api, methods=tuple(map(_apply_corrections, api.methods)))


def answered_without(method: Method) -> list[str]:
    """List the arguments that the reflection requires and Flickr answers without."""
    reasons = load_supplement()["answered_without"].get(method.name, {})
    return [argument.name for argument in method.required if argument.name in reasons]


def caller_methods(api: Api) -> list[str]:
    """List the methods that need no login and mean the caller if `user_id` is absent."""
    names = load_supplement()["caller_methods"]
    return [method.name for method in api.methods if method.name in names]


def _apply_corrections(method: Method) -> Method:
    without = answered_without(method)
    if not without:
        return method
    return replace(
        method,
        arguments=tuple(
            replace(argument, optional=argument.optional or argument.name in without)
            for argument in method.arguments
        ),
    )
