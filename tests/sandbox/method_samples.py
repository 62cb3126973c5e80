"""Sample answers of methods, as `getMethodInfo` shows them: `python -m tests.sandbox.method_samples`.

They are the sandbox's own answers, shortened to the first items of each list.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flickr_sandbox import reflection
from flickr_sandbox.formats import to_xml
from tests.sandbox.agreement.cases import calls
from tests.sandbox.complete_photo import complete_sample_photo
from tests.support.local_api import BASE, LocalApi

FILE = Path(reflection.__file__).with_name("samples.json")
MOST_ITEMS = 2
WITH_EXTRAS = {"extras", "primary_photo_extras"}
# Their answers contain keys or tokens.
WITH_SECRETS = ("flickr.auth.", "flickr.test.echo")
FLICKR = "https://www.flickr.com"


def write() -> None:
    """Write the samples of all methods whose answers have content."""
    api = LocalApi(photos=600)
    complete_sample_photo(api)
    api.save()
    names = [name for name in sorted(reflection.methods()) if not name.startswith(WITH_SECRETS)]
    found = {name: make_sample(api, name) for name in names}
    samples = {name: text for name, text in found.items() if text}
    FILE.write_text(json.dumps(samples, ensure_ascii=False, indent=2) + "\n", "utf-8")
    api.close()


def make_sample(api: LocalApi, method: str) -> str:
    """Return the largest answer to the calls with few arguments, without its `rsp`; or an empty text."""
    samples = []
    for caller, arguments in list(calls(api, method))[:12]:
        api.restore()
        answer = api.call(method.removeprefix("flickr."), caller, **arguments)
        if answer.pop("stat") == "ok" and not WITH_EXTRAS & arguments.keys():
            samples.append(_content_of(to_xml(_shorten(answer))))
    return max(samples, key=len, default="").replace(BASE, FLICKR)


def _content_of(text: str) -> str:
    lines = text.partition('<rsp stat="ok">\n')[2].removesuffix("</rsp>\n").split("\n")
    return "\n".join(line.strip("\t") for line in lines).strip("\n")


def _shorten(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shorten(part) for key, part in value.items()}
    return [_shorten(part) for part in value[:MOST_ITEMS]] if isinstance(value, list) else value


if __name__ == "__main__":
    write()
