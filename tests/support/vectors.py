"""Load the conformance vectors, run them in Node, and judge their records."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT

HERE = ROOT / "tests/conformance"
FILES = sorted(HERE.glob("*.json"))
BUNDLES = {
    "flickrapi.js": "production",
    "flickrapi.mjs": "production",
    "flickrapi.dev.js": "dev",
    "flickrapi.dev.mjs": "dev",
}
Problems = dict[str, list[str]]
Record = dict[str, Any]


def vectors(edition: str, language: str = "javascript") -> list[dict[str, Any]]:
    """Return all vectors of an edition in a language."""
    found = [vector for file in FILES for vector in json.loads(file.read_text("utf-8"))]
    return [
        vector
        for vector in found
        if vector.get("edition", edition) == edition
        and vector.get("language", language) == language
        and (language == "javascript" or vector.get("call", {}).get("as") != "callback")
    ]


def run_in_node(bundle: Path, edition: str) -> Problems:
    """Run all vectors on a JavaScript bundle; return problems by vector."""
    command: list[str | Path] = ["node", HERE / "node.mjs", bundle, edition, *FILES]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr
    return judge_all(json.loads(done.stdout), edition)


def judge_all(records: dict[str, Record], edition: str) -> Problems:
    """Judge the records of a run; return problems by vector."""
    both = [*vectors(edition), *vectors(edition, "python")]
    by_name = {vector["name"]: vector for vector in both}
    return {name: list(judge(by_name[name], record, edition)) for name, record in records.items()}


def find_problems(
    records: dict[str, Record], edition: str, wanted: list[dict[str, Any]]
) -> Problems:
    """Judge the records of the `wanted` vectors; return those that were not met or not run."""
    problems = judge_all(records, edition)
    problems |= {v["name"]: ["did not run"] for v in wanted if v["name"] not in records}
    return {name: found for name, found in problems.items() if found}


def judge(vector: dict[str, Any], record: Record, edition: str) -> Iterator[str]:
    """Yield the differences between a record and its vector."""
    yield from record["reports"]
    error = record.get("error")
    if "error" in vector:
        yield from _judge_error(vector["error"], error)
    elif error:
        yield f"failed: {error}"
    elif "result" in vector and not _same(record.get("result"), vector["result"]):
        yield f"the result is {record.get('result')}"
    if "requests" in vector and not _same(record["requests"], vector["requests"]):
        yield f"the requests are {record['requests']}"
    elif any(list(form)[-1:] != ["photo"] for form in _forms(record["requests"])):
        yield "the photo is not the last part of its form, which a proxy reads while it comes"
    if record.get("progress", []) != vector.get("progress", []):
        yield f"the progress is {record.get('progress')}"
    if record["left"]:
        yield f"{record['left']} answers were not requested"
    if vector.get("abort") in ("during", "signal") and not record["ended"]:
        yield "the aborted call went on"
    wanted, pauses = vector.get("pauses", []), record["pauses"]
    if len(pauses) != len(wanted) or any(
        not least <= pause <= most for pause, (least, most) in zip(pauses, wanted, strict=False)
    ):
        yield f"the pauses are {pauses}"
    warns = vector.get("warns", []) if edition == "dev" else []
    warnings = record["warnings"]
    if len(warnings) != len(warns) or any(
        sum(text in warning for warning in warnings) != 1 for text in warns
    ):
        yield f"the warnings are {warnings}"
    for text in vector.get("lacks", []):
        if text in "\n".join(warnings):
            yield f'a warning says "{text}": {warnings}'
    key = vector["options"].get("api_key")
    if key and key in "\n".join([error["dump"] if error else "", *warnings]):
        yield "an error or a warning holds the key"


def _judge_error(wanted: dict[str, Any], error: dict[str, Any] | None) -> Iterator[str]:
    if not error:
        yield "succeeded, where a failure was due"
    elif wanted.get("aborted"):
        if error["name"] not in ("AbortError", "CancelledError"):
            yield f"is no abort: {error}"
    else:
        if error["name"] != "FlickrError":
            yield f"is no FlickrError: {error}"
        for field in ("code", "method", "status"):
            if not _same(error.get(field), wanted.get(field)):
                yield f"error.{field} is {error.get(field)}"
        for text in wanted.get("says", []):
            if text not in error["message"]:
                yield f'the error does not say "{text}": {error["message"]}'
        for text in wanted.get("lacks", []):
            if text in error["message"]:
                yield f'the error says "{text}": {error["message"]}'
        if error["message"] != wanted.get("is", error["message"]):
            yield f"the error is {error['message']}"
        if "cause" in wanted and error.get("cause") != wanted["cause"]:
            yield f"the cause is {error.get('cause')}"


def _forms(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [request["form"] for request in requests if "form" in request]


def _same(left: Any, right: Any) -> bool:
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
