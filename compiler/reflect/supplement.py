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
    """Return the supplement.

    `not_required`: arguments that Flickr flags as required and does not need, by method, with reasons;
    `caller_methods`: methods without login that mean the caller if `user_id` is absent;
    `results_limit`: the number of results that Flickr limits a query to, by method;
    `values`: rules for the values of arguments;
    `duplicate_arguments`: arguments that Flickr lists twice, by method;
    `unpaged_listings`: methods that list something and have no argument for a page.
    """
    data: dict[str, Any] = json.loads(SUPPLEMENT.read_bytes())
    return data


def apply_corrections(api: Api) -> Api:
    """Return the reflection with arguments made optional that Flickr wrongly flags as required.

    Clients, checks and types are rendered from the result; the sandbox repeats Flickr's own flags.
    """
    return replace(api, methods=tuple(map(_apply_corrections, api.methods)))


def list_not_required(method: Method) -> list[str]:
    """List the arguments that the reflection flags as required and Flickr does not need."""
    reasons = load_supplement()["not_required"].get(method.name, {})
    return [argument.name for argument in method.required if argument.name in reasons]


def list_caller_methods(api: Api) -> list[str]:
    """List the methods that need no login and mean the caller if `user_id` is absent."""
    names = load_supplement()["caller_methods"]
    return [method.name for method in api.methods if method.name in names]


def find_value_rule(method: str, argument: str) -> tuple[str, list[Any]]:
    """Return the kind of the rule for an argument's values, and its operands; both empty without a rule.

    The kinds are `integer` and `number` (a range; None is no limit), `one_of`, `list_of`, `some_of` (a
    list in which other values are valid too) and `seconds`.
    """
    rules = load_supplement()["values"]
    own = rules["own"].get(method, {})
    rule: dict[str, Any] = (own if argument in own else rules["shared"]).get(argument) or {}
    for kind, operands in rule.items():
        return kind, operands if isinstance(operands, list) else []
    return "", []


def _apply_corrections(method: Method) -> Method:
    names = list_not_required(method)
    if not names:
        return method
    return replace(
        method,
        arguments=tuple(
            replace(argument, optional=argument.optional or argument.name in names)
            for argument in method.arguments
        ),
    )
