"""Faults on demand: which request goes wrong, and how. Nothing here sends anything."""

from __future__ import annotations

import fnmatch
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from threading import Lock

from flickr_sandbox.reflection import methods, shared_errors

KINDS = {
    "latency": "the answer comes `seconds` later",
    "slow": "the answer's body takes `seconds`",
    "429": "HTTP 429, too many requests; with Retry-After if `retry_after` is set",
    "500": "HTTP 500 without a body",
    "502": "HTTP 502 with a page of HTML",
    "503": "HTTP 503 with a page of HTML; with Retry-After if `retry_after` is set",
    "105": "Flickr's failure 105: service currently unavailable",
    "201": "Flickr's failure 201: the API is not available",
    "error": "Flickr's failure with `code` and `message`",
    "empty": "HTTP 200 with an empty body",
    "truncated": "half of the answer, with a matching Content-Length",
    "wrong-format": "XML instead of JSON, or JSON instead of XML; outside REST a page of HTML",
    "drop": "the connection ends before the answer",
    "drop-midway": "the connection ends in the middle of the answer",
    "expired-token": "HTTP 401, `oauth_problem=token_rejected`, for calls signed with a token",
}
PLACES = ("rest", "oauth", "upload", "files", "all")
_CODES = {
    "105": (105, "Service currently unavailable"),
    "201": (201, "The Flickr API is not available at the moment."),
}
_TEXT = re.compile(r"([\w-]+?)(?::([0-9.]+))?(?:@(\w+))?")


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to go wrong; `KINDS` tells them all.

    `retry_after` is in seconds. `seconds` is how long latency and slow bodies take. `code` and
    `message` are what the kind `error` answers. Raises `ValueError` for a kind that there is not.
    """

    kind: str
    retry_after: int | None = None
    seconds: float = 1.0
    code: int = 0
    message: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no fault {self.kind!r}; there are {', '.join(KINDS)}")
        if self.kind == "error" and not self.message and not self.code:
            raise ValueError(
                "the fault 'error' wants the code that is to be answered, or a message"
            )
        if not 0 <= self.seconds < math.inf or (self.retry_after or 0) < 0:
            raise ValueError("a fault's seconds are a number, 0 or more")

    @property
    def failure(self) -> tuple[int, str] | None:
        """The code and message of Flickr's failure that it stands for; None for other kinds."""
        return (self.code, self.message) if self.kind == "error" else _CODES.get(self.kind)


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault, and whom it befalls.

    `method` is a Flickr method, or a pattern such as `flickr.photos.*`; empty for all. `where` is one
    of `PLACES`. `times` is how often it is to happen yet, None for ever; `rate` its chance, 0 to 1.
    Raises `ValueError` for what can never be.
    """

    fault: Fault
    method: str = ""
    where: str = "rest"
    times: int | None = None
    rate: float = 1.0
    id: int = 0

    def __post_init__(self) -> None:
        if self.where not in PLACES:
            raise ValueError(f"there is no place {self.where!r}; there are {', '.join(PLACES)}")
        if self.method and self.where not in ("rest", "all"):
            raise ValueError("a fault of a method happens at the REST address: leave `where` out")
        if self.method and not fnmatch.filter(methods(), self.method):
            raise ValueError(f"there is no method {self.method!r}")
        if not 0 <= self.rate <= 1:
            raise ValueError("a rate is a chance from 0 to 1")
        if self.times is not None and self.times < 1:
            raise ValueError("`times` is 1 or more, or left out: for ever")

    def befalls(self, place: str, name: str) -> bool:
        """Whether a call is one that it speaks of."""
        if self.method:
            return place == "rest" and fnmatch.fnmatchcase(name, self.method)
        return self.where in (place, "all")


def failing(method: str, code: int, message: str | None = None, times: int | None = 1) -> Rule:
    """The rule by which a method answers an error: one of its own, one that all methods share, or with
    a `message` any.

    Raises `ValueError` for a method that there is not, and without a message for a code that it does
    not declare.
    """
    found = methods().get(method)
    if found is None:
        raise ValueError(f"there is no method {method!r}")
    if message is not None:
        return Rule(Fault("error", code=code, message=message), method, times=times)
    known = {error.code: error.message for error in (*shared_errors(), *found.errors)}
    if code not in known:
        codes = ", ".join(map(str, sorted(known)))
        raise ValueError(
            f"{method} declares no error {code}, but {codes}: choose one, or give a message of your own"
        )
    return Rule(Fault("error", code=code, message=known[code]), method, times=times)


def read(text: str) -> Rule:
    """The rule that a command line writes as `KIND[:RATE][@PLACE]`, such as `500:0.1` or `drop@files`.

    Raises `ValueError` for what cannot be read.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no fault: write KIND, KIND:RATE or KIND:RATE@PLACE")
    kind, rate, where = found.groups()
    try:
        chance = float(rate or 1)
    except ValueError:
        raise ValueError(f"{rate!r} is no chance from 0 to 1") from None
    return Rule(Fault(kind), where=where or "rest", rate=chance)


class Faults:
    """The rules of a sandbox, and its chance, which is the same for the same seed."""

    def __init__(self, seed: int = 1, clock: Callable[[], float] = time.time) -> None:
        self._seed = seed
        self._clock = clock
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """No faults, no limit, and chance from its beginning."""
        with self._lock:
            self._chance = Random(f"{self._seed} faults")
            self._rules: list[Rule] = []
            self._last = 0
            self._limit: Limit | None = None

    def add(
        self,
        fault: Fault | str,
        method: str = "",
        where: str = "rest",
        times: int | None = None,
        rate: float = 1.0,
    ) -> int:
        """Have a fault befall requests, as `Rule` tells; the number by which it can be removed."""
        made = fault if isinstance(fault, Fault) else Fault(fault)
        return self.put(Rule(made, method, where, times, rate))

    def put(self, rule: Rule) -> int:
        """Add a rule; its number."""
        with self._lock:
            self._last += 1
            self._rules.append(replace(rule, id=self._last))
            return self._last

    def remove(self, number: int) -> bool:
        """Remove a rule; whether there was one."""
        with self._lock:
            kept = [rule for rule in self._rules if rule.id != number]
            found = len(kept) < len(self._rules)
            self._rules = kept
            return found

    def rules(self) -> list[Rule]:
        """The rules that have something to do yet."""
        with self._lock:
            return list(self._rules)

    def limit(self, an_hour: int | None) -> None:
        """Let each API key call so often in an hour; None for any number."""
        with self._lock:
            self._limit = None if an_hour is None else Limit(an_hour, self._clock)

    @property
    def limited(self) -> int | None:
        """How many calls an hour a key has; None for any number."""
        with self._lock:
            return self._limit.an_hour if self._limit else None

    def decide(self, place: str, name: str, key: str = "") -> list[Fault]:
        """What befalls a request: latency of every rule that has it, and of the rest the first."""
        with self._lock:
            if self._limit and place != "files" and (wait := self._limit.take(key)):
                return [Fault("429", retry_after=wait)]
            found: list[Fault] = []
            for rule in list(self._rules):
                latency = rule.fault.kind == "latency"
                if not latency and any(fault.kind != "latency" for fault in found):
                    continue
                if rule.befalls(place, name) and self._happens(rule):
                    found.append(rule.fault)
            return found

    def _happens(self, rule: Rule) -> bool:
        if rule.rate < 1 and self._chance.random() >= rule.rate:
            return False
        if rule.times is not None:
            place = self._rules.index(rule)
            if rule.times == 1:
                del self._rules[place]
            else:
                self._rules[place] = replace(rule, times=rule.times - 1)
        return True


@dataclass(slots=True)
class Limit:
    """So many calls for each key in every hour, which begins with the first of them."""

    an_hour: int
    clock: Callable[[], float]
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.an_hour < 0:
            raise ValueError("a limit is 0 calls an hour or more")

    def take(self, key: str) -> int:
        """Count a call; 0 where it may pass, else the seconds until one may."""
        now = self.clock()
        start, count = self._windows.get(key, (now, 0))
        if now - start >= 3600:
            start, count = now, 0
        if count >= self.an_hour:
            return max(1, int(start + 3600 - now))
        self._windows[key] = (start, count + 1)
        return 0
