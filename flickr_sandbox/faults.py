"""The faults of a sandbox, and the rules that choose requests for them. No I/O."""

from __future__ import annotations

import fnmatch
import math
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, TypedDict

from flickr_sandbox.reflection import methods, shared_errors
from flickr_sandbox.throttle import FileThrottle

if TYPE_CHECKING:
    from typing import Unpack

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
    "index_delay": "`flickr.photos.search` lacks the photos of the last `seconds`; listings have them",
}
# Kinds that apply in addition to another one.
ADDITIONAL_KINDS = ("latency", "index_delay")
PLACES = ("rest", "oauth", "upload", "files", "all")
# The seconds of the fault `index_delay`, while a request is answered.
INDEX_DELAY: ContextVar[float] = ContextVar("index_delay", default=0.0)
_CODES = {
    "105": (105, "Service currently unavailable"),
    "201": (201, "The Flickr API is not available at the moment."),
}
_TEXT = re.compile(r"([\w-]+?)(?::([0-9.]+))?(?:@(\w+))?")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one of `KINDS`.

    `retry_after` is in seconds. `seconds` is the duration of latency and slow bodies, and the delay of
    the index. `code` and `message` are the error that the kind `error` answers. Raises `ValueError` for
    an unknown kind.
    """

    kind: str
    retry_after: int | None = None
    seconds: float = 1.0
    code: int = 0
    message: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}: choose one of {', '.join(KINDS)}")
        if self.kind == "error" and not self.message and not self.code:
            raise ValueError("the fault 'error' needs a code or a message: set at least one")
        for name, value in (("seconds", self.seconds), ("retry_after", self.retry_after or 0)):
            if not 0 <= value < math.inf:
                raise ValueError(f"invalid {name} {value}: use 0 or more")

    @property
    def failure(self) -> tuple[int, str] | None:
        """The code and message of Flickr's failure; None for a kind that is another fault."""
        return (self.code, self.message) if self.kind == "error" else _CODES.get(self.kind)


class FaultDetails(TypedDict, total=False):
    """The fields of a `Fault` besides its kind, as arguments."""

    retry_after: int | None
    seconds: float
    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault, and the requests that it applies to.

    `method` is a Flickr method, or a pattern such as `flickr.photos.*`; empty for all. `where` is one
    of `PLACES`. `times` is the number of times left, None for no limit; `rate` is the probability, 0
    to 1. Raises `ValueError` for invalid values.
    """

    fault: Fault
    method: str = ""
    where: str = "rest"
    times: int | None = None
    rate: float = 1.0
    id: int = 0

    def __post_init__(self) -> None:
        if self.where not in PLACES:
            raise ValueError(f"unknown place {self.where!r}: choose one of {', '.join(PLACES)}")
        if self.method and self.where not in ("rest", "all"):
            raise ValueError(
                "a fault with a method only happens at the REST address: leave `where` out"
            )
        if self.method and not fnmatch.filter(methods(), self.method):
            raise ValueError(f"unknown method {self.method!r}")
        if not 0 <= self.rate <= 1:
            raise ValueError(f"invalid rate {self.rate}: use a number from 0 to 1")
        if self.times is not None and self.times < 1:
            raise ValueError(
                f"invalid times {self.times}: use 1 or more, or leave it out for no limit"
            )

    def applies_to(self, place: str, name: str) -> bool:
        """Return True if the rule applies to a request."""
        if self.method:
            return place == "rest" and fnmatch.fnmatchcase(name, self.method)
        return self.where in (place, "all")


def make_failure_rule(
    method: str, code: int, message: str | None = None, times: int | None = 1
) -> Rule:
    """Make the rule that lets a method fail, with a code that it declares or, with `message`, any code.

    Raises `ValueError` for an unknown method, and for an undeclared code without a message.
    """
    found = methods().get(method)
    if found is None:
        raise ValueError(f"unknown method {method!r}")
    if message is not None:
        return Rule(Fault("error", code=code, message=message), method, times=times)
    messages = {error.code: error.message for error in (*shared_errors(), *found.errors)}
    if code not in messages:
        codes = ", ".join(map(str, sorted(messages)))
        raise ValueError(
            f"{method} does not declare error {code}: choose one of {codes}, or give a message"
        )
    return Rule(Fault("error", code=code, message=messages[code]), method, times=times)


def parse_rule(text: str) -> Rule:
    """Parse a rule from the command line, `KIND[:RATE][@PLACE]`, such as `500:0.1` or `drop@files`.

    Raises `ValueError` for an invalid text.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"invalid fault {text!r}: use KIND, KIND:RATE or KIND:RATE@PLACE")
    kind, rate, where = found.groups()
    try:
        chance = float(rate or 1)
    except ValueError:
        raise ValueError(f"invalid rate {rate!r}: use a number from 0 to 1") from None
    return Rule(Fault(kind), where=where or "rest", rate=chance)


class Faults:
    """The rules of a sandbox, with a random generator of their own: one seed, one sequence."""

    def __init__(self, seed: int = 1, clock: Callable[[], float] = time.time) -> None:
        self._seed = seed
        self._clock = clock
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Remove all faults, the limit and the throttle, and restart the random generator."""
        with self._lock:
            self._chance = Random(f"{self._seed} faults")
            self._rules: list[Rule] = []
            self._last = 0
            self._limit: Limit | None = None
            self._throttle: FileThrottle | None = None

    def add(
        self,
        fault: Fault | str,
        method: str = "",
        where: str = "rest",
        times: int | None = None,
        rate: float = 1.0,
        **details: Unpack[FaultDetails],
    ) -> int:
        """Add a fault, or a kind of fault and its fields, with the fields of a `Rule`.

        `add("429", retry_after=2, times=3)` is `add(Fault("429", retry_after=2), times=3)`. Return its
        id, for `remove`. Raises `ValueError` for invalid values, `TypeError` for an unknown field.
        """
        chosen = replace(fault, **details) if isinstance(fault, Fault) else Fault(fault, **details)
        return self.put(Rule(chosen, method, where, times, rate))

    def put(self, rule: Rule) -> int:
        """Add a rule; return its id."""
        with self._lock:
            self._last += 1
            self._rules.append(replace(rule, id=self._last))
            return self._last

    def remove(self, number: int) -> bool:
        """Remove a rule by its id; return True if it existed."""
        with self._lock:
            others = [rule for rule in self._rules if rule.id != number]
            found = len(others) < len(self._rules)
            self._rules = others
            return found

    def rules(self) -> list[Rule]:
        """Return the active rules."""
        with self._lock:
            return list(self._rules)

    def limit(self, an_hour: int | None) -> None:
        """Limit each API key to `an_hour` calls an hour; None removes the limit."""
        with self._lock:
            self._limit = None if an_hour is None else Limit(an_hour, self._clock)

    def throttle_files(self, throttle: FileThrottle | None) -> None:
        """Throttle files, as Flickr's image host does; None for no throttle."""
        with self._lock:
            self._throttle = throttle

    @property
    def hourly_limit(self) -> int | None:
        """The number of calls that each key has in an hour, or None without a limit."""
        with self._lock:
            return self._limit.an_hour if self._limit else None

    def decide(self, place: str, name: str, key: str = "") -> list[Fault]:
        """Return the faults of a request: all of `ADDITIONAL_KINDS`, and the first other fault."""
        with self._lock:
            if self._limit and place != "files" and (wait := self._limit.take(key)):
                return [Fault("429", retry_after=wait)]
            if self._throttle and place == "files" and self._throttle.refuses():
                return [Fault("429")]
            found: list[Fault] = []
            for rule in list(self._rules):
                is_added = rule.fault.kind in ADDITIONAL_KINDS
                if not is_added and any(fault.kind not in ADDITIONAL_KINDS for fault in found):
                    continue
                if rule.applies_to(place, name) and self._happens(rule):
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
    """A limit of calls by key in a window of one hour, which starts with the key's first call."""

    an_hour: int
    clock: Callable[[], float]
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.an_hour < 0:
            raise ValueError(f"invalid limit {self.an_hour}: use 0 or more calls an hour")

    def take(self, key: str) -> int:
        """Count a call; return 0 if it is allowed, otherwise the seconds until the window ends."""
        now = self.clock()
        start, count = self._windows.get(key, (now, 0))
        if now - start >= 3600:
            start, count = now, 0
        if count >= self.an_hour:
            return max(1, int(start + 3600 - now))
        self._windows[key] = (start, count + 1)
        return 0
