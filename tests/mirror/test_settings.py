"""Test how the options of downsync are read: dates, lists, and values that must not mean everything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pyflickr_web.errors import OptionError
from pyflickr_web.mirror.settings import read_settings

NEW_YEAR = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "since",
    [
        "2024-01-01",
        "20240101",
        "2024-01-01T00:00:00Z",
        "2024-01-01T02:00:00+02:00",
        str(NEW_YEAR),
        NEW_YEAR,
        datetime(2024, 1, 1, tzinfo=UTC),
        date(2024, 1, 1),
    ],
    ids=str,
)
def test_dates_are_days_in_utc_or_unix_seconds(since: Any) -> None:
    assert read_settings({"since": since}).since == NEW_YEAR


@pytest.mark.parametrize("since", ["", "2024", "2024-13-01", "01.02.2024", -1, True, 1e400])
def test_other_dates_are_refused(since: Any) -> None:
    """A year alone would be a moment of 1970: the whole account."""
    with pytest.raises(OptionError, match="use YYYY-MM-DD, or Unix seconds"):
        read_settings({"since": since})


@pytest.mark.parametrize(
    "since", [NEW_YEAR * 1000, str(NEW_YEAR * 1000), "9999-12-31", date.max], ids=str
)
def test_dates_in_the_future_are_refused(since: Any) -> None:
    """Milliseconds are the common mistake; Flickr lists photos as if there were no date."""
    with pytest.raises(OptionError, match=r"is in the future: .*, not milliseconds"):
        read_settings({"since": since})


def test_day_that_has_begun_elsewhere_is_a_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: NEW_YEAR - 3600.0)
    assert read_settings({"since": "2024-01-01"}).since == NEW_YEAR


def test_lists_are_texts_or_separated_by_commas() -> None:
    assert read_settings({"sizes": ["original", "q"]}).scope.sizes == ("q", "o")
    assert read_settings({"sizes": "original, q ,"}).scope.sizes == ("q", "o")
    assert read_settings({"sizes": "ORIGINAL,Square-Medium"}).scope.sizes == ("q", "o")


@pytest.mark.parametrize("albums", ["Street, 2015 ", ["Street, 2015"]], ids=str)
def test_text_that_names_albums_is_not_split_yet(albums: Any) -> None:
    """Only the account's list of albums shows if it is one title."""
    assert read_settings({"albums": albums}).albums == ("Street, 2015",)


@pytest.mark.parametrize("name", ["albums", "sizes"])
@pytest.mark.parametrize("value", ["", " , ", [], [""], [" "]], ids=str)
def test_empty_list_is_not_everything(name: str, value: Any) -> None:
    with pytest.raises(OptionError, match=f"{name} is empty"):
        read_settings({name: value})


@pytest.mark.parametrize("value", [5, [5], {"a": 1}.items()], ids=str)
def test_list_of_other_values_is_refused(value: Any) -> None:
    with pytest.raises(OptionError, match="must be a list of texts"):
        read_settings({"albums": value})


def test_zero_is_a_limit() -> None:
    assert read_settings({"max_prune": 0, "remove_deleted": True}).max_prune == 0
    assert read_settings({"max_prune": None}).max_prune is None


@pytest.mark.parametrize("removal", [{}, {"remove_deleted": False}, {"remove_deleted": None}])
def test_limit_of_a_removal_needs_the_removal(removal: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="only has an effect with remove_deleted"):
        read_settings({"max_prune": 5, **removal})
