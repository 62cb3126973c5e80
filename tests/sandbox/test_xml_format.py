"""Answers in XML have Flickr's escapes and its conversion of values."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.call import Failure
from flickr_sandbox.formats import Format, format_failure, to_xml


def _content_of(answer: dict[str, Any]) -> str:
    head, _, rest = to_xml(answer).partition('<rsp stat="ok">\n')
    assert head == '<?xml version="1.0" encoding="utf-8" ?>\n'
    return rest.removesuffix("</rsp>\n").replace("\t", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (False, ""),
        (True, "1"),
        (0, "0"),
        ('Tom\'s "<b>&"', "Tom&#039;s &quot;&lt;b&gt;&amp;&quot;"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_value_is_converted_as_php_does(value: Any, text: str) -> None:
    assert _content_of({"photo": {"a": value}}) == f'<photo a="{text}" />\n'
    element = f"<photo>{text}</photo>" if text else "<photo />"
    assert _content_of({"photo": {"_content": value}}) == f"{element}\n"


def test_scalars_outside_of_an_object_are_empty_elements() -> None:
    assert _content_of({"period": "day"}) == "<period />\n"
    lengths = {"gift": {"eligible_durations": ["year", "month"]}}
    assert _content_of(lengths).replace("\n", "") == (
        "<gift><eligible_durations /><eligible_durations /></gift>"
    )


def test_apostrophe_in_a_message_is_escaped() -> None:
    body = format_failure(Format(), Failure(1, 'It\'s "private"'))
    assert '<err code="1" msg="It&#039;s &quot;private&quot;" />' in body.text
