"""Rules of faults: parsing, matching and the rate limit."""

from __future__ import annotations

import pytest

from flickr_sandbox import Fault, FileThrottle
from flickr_sandbox.faults import Faults, Rule, make_failure_rule, parse_rule
from tests.sandbox.fault_requests import ECHO


@pytest.mark.parametrize(
    ("method", "code", "message"),
    [
        ("flickr.photos.getinfo", 1, "unknown method 'flickr.photos.getinfo'"),
        ("flickr.photos.getInfo", 77, "flickr.photos.getInfo does not declare error 77"),
    ],
)
def test_undeclared_error_raises(method: str, code: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_failure_rule(method, code)


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_invalid_time_raises(seconds: float) -> None:
    with pytest.raises(ValueError, match=f"^invalid seconds {seconds}: use 0 or more$"):
        Fault("latency", seconds=seconds)


def test_fields_of_a_fault_are_arguments_as_in_json() -> None:
    faults = Faults()
    faults.add("429", retry_after=2, times=3, method=ECHO)
    faults.add("error", code=7, message="Not today")
    faults.add(Fault("503", retry_after=2), rate=0.5)
    faults.add(Fault("latency", seconds=3), seconds=0.5)
    limited, failing, busy, late = faults.rules()
    assert limited == Rule(Fault("429", retry_after=2), ECHO, times=3, id=1)
    assert failing.fault == Fault("error", code=7, message="Not today")
    assert busy.fault == Fault("503", retry_after=2)
    assert late.fault == Fault("latency", seconds=0.5)
    with pytest.raises(ValueError, match="invalid retry_after -1"):
        faults.add("429", retry_after=-1)
    with pytest.raises(TypeError, match="retry_later"):
        faults.add("429", retry_later=1)  # type: ignore[call-arg]
    assert len(faults.rules()) == 4


def decide(faults: Faults, name: str = ECHO, place: str = "rest") -> list[str]:
    return [fault.kind for fault in faults.decide(place, name)]


def test_rules_match_method_place_and_number() -> None:
    faults = Faults()
    faults.add("500", method="flickr.photos.*", times=2)
    faults.add("502", where="upload")
    assert decide(faults) == []
    assert [decide(faults, "flickr.photos.search") for _ in range(3)] == [["500"], ["500"], []]
    assert decide(faults, "upload", "upload") == ["502"]
    assert decide(faults, "files", "files") == []


def test_first_rule_applies_and_latency_is_added() -> None:
    faults = Faults()
    faults.add("latency", where="all")
    faults.add("500", times=1)
    faults.add("502", times=1)
    assert decide(faults) == ["latency", "500"]
    assert decide(faults) == ["latency", "502"]
    assert decide(faults) == ["latency"]


def test_rate_is_a_probability_decided_by_the_seed() -> None:
    decisions = []
    for seed in (1, 1, 2):
        faults = Faults(seed)
        faults.add("500", rate=0.3)
        decisions.append([bool(decide(faults)) for _ in range(400)])
    assert decisions[0] == decisions[1] != decisions[2]
    assert 80 < sum(decisions[0]) < 160


def test_rule_is_removed_by_its_number() -> None:
    faults = Faults()
    first, second = faults.add("500"), faults.add("502")
    assert faults.remove(first) and not faults.remove(first)
    assert [rule.id for rule in faults.rules()] == [second]


def test_limit_counts_calls_per_key_and_hour() -> None:
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
    ("text", "message"),
    [
        ("teapot", "unknown fault 'teapot': choose one of latency, "),
        ("500:2", "invalid rate 2.0: use a number from 0 to 1"),
        ("500:1.2.3", "invalid rate '1.2.3': use a number"),
        ("500@moon", "unknown place 'moon': choose one of rest, "),
        ("500:x", "invalid fault '500:x': use KIND, "),
    ],
)
def test_invalid_rule_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_rule(text)


def test_throttle_refuses_files_above_its_pace_and_longer_for_each_request() -> None:
    now = [0.0]
    faults = Faults()
    faults.throttle_files(FileThrottle(burst=3, a_second=2, block=10, clock=lambda: now[0]))
    answers = []
    for seconds in (0, 0, 0, 0, 9, 9.9, 10.1, 0.5, 0.5, 0, 0, 0):
        now[0] += seconds
        answers.append(decide(faults, "files", "files"))
    refusals = [bool(kinds) for kinds in answers]
    assert refusals[:6] == [False] * 3 + [True] * 3
    # After ten seconds without a request, three files have been saved up again.
    assert refusals[6:] == [False] * 5 + [True]
    assert answers[-1] == ["429"]
    assert decide(faults) == []
    faults.clear()
    assert decide(faults, "files", "files") == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"burst": 0}, "invalid burst 0: use 1 or more files"),
        ({"a_second": -1.0}, "invalid a_second -1.0: use 0 or more"),
        ({"block": float("nan")}, "invalid block nan: use 0 or more"),
    ],
)
def test_invalid_throttle_raises(fields: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        FileThrottle(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "fields"), [("5", (5, 2, 10)), ("5:0", (5, 0, 10)), ("30:1.5:0", (30, 1.5, 0))]
)
def test_throttle_of_the_command_line(text: str, fields: tuple[float, ...]) -> None:
    throttle = FileThrottle.parse(text)
    assert (throttle.burst, throttle.a_second, throttle.block) == fields


@pytest.mark.parametrize(
    "text", ["", "0", "many", "-1", "30:fast", "30:", "30:2:10:1", "1:2:1.1.1"]
)
def test_invalid_throttle_of_the_command_line_raises(text: str) -> None:
    with pytest.raises(ValueError, match="use BURST:A_SECOND:BLOCK, such as 30:2:10"):
        FileThrottle.parse(text)
