"""Which requests faults befall, and how a rule is read."""

from __future__ import annotations

import pytest

from flickr_sandbox import Fault
from flickr_sandbox.faults import Faults, Rule, make_failure_rule, parse_rule
from tests.sandbox.asking import ECHO


@pytest.mark.parametrize(
    ("method", "code", "told"),
    [
        ("flickr.photos.getinfo", 1, "unknown method 'flickr.photos.getinfo'"),
        ("flickr.photos.getInfo", 77, "flickr.photos.getInfo does not declare error 77"),
    ],
)
def test_error_that_is_not_declared(method: str, code: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make_failure_rule(method, code)


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_time_that_cannot_be(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds must be 0 or more"):
        Fault("latency", seconds=seconds)


def decide(faults: Faults, name: str = ECHO, place: str = "rest") -> list[str]:
    return [fault.kind for fault in faults.decide(place, name)]


def test_rules_choose_by_method_place_and_number() -> None:
    faults = Faults()
    faults.add("500", method="flickr.photos.*", times=2)
    faults.add("502", where="upload")
    assert decide(faults) == []
    assert [decide(faults, "flickr.photos.search") for _ in range(3)] == [["500"], ["500"], []]
    assert decide(faults, "upload", "upload") == ["502"]
    assert decide(faults, "files", "files") == []


def test_first_rule_counts_and_latency_comes_on_top() -> None:
    faults = Faults()
    faults.add("latency", where="all")
    faults.add("500", times=1)
    faults.add("502", times=1)
    assert decide(faults) == ["latency", "500"]
    assert decide(faults) == ["latency", "502"]
    assert decide(faults) == ["latency"]


def test_rate_is_a_chance_that_the_seed_decides() -> None:
    told = []
    for seed in (1, 1, 2):
        faults = Faults(seed)
        faults.add("500", rate=0.3)
        told.append([bool(decide(faults)) for _ in range(400)])
    assert told[0] == told[1] != told[2]
    assert 80 < sum(told[0]) < 160


def test_rule_is_removed_by_its_number() -> None:
    faults = Faults()
    first, second = faults.add("500"), faults.add("502")
    assert faults.remove(first) and not faults.remove(first)
    assert [rule.id for rule in faults.rules()] == [second]


def test_limit_is_for_each_key_and_an_hour() -> None:
    time = 1000.0
    faults = Faults(clock=lambda: time)
    faults.limit(2)
    assert [faults.decide("rest", ECHO, "a") for _ in range(2)] == [[], []]
    assert faults.decide("rest", ECHO, "b") == []
    assert faults.decide("files", "files", "a") == []
    time += 600
    assert faults.decide("rest", ECHO, "a") == [Fault("429", retry_after=3000)]
    time += 3000
    assert faults.decide("rest", ECHO, "a") == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("429", Rule(Fault("429"))),
        ("drop-midway:0.25", Rule(Fault("drop-midway"), rate=0.25)),
        ("drop:0.5@files", Rule(Fault("drop"), rate=0.5, where="files")),
        ("empty@upload", Rule(Fault("empty"), where="upload")),
    ],
)
def test_rule_is_read_from_a_command_line(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("teapot", "unknown fault 'teapot': choose one of latency, "),
        ("500:2", "invalid rate 2.0: use a number from 0 to 1"),
        ("500:1.2.3", "invalid rate '1.2.3': use a number"),
        ("500@moon", "unknown place 'moon': choose one of rest, "),
        ("500:x", "invalid fault '500:x': use KIND, "),
    ],
)
def test_rule_that_cannot_be_read(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_rule(text)
