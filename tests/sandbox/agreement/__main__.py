"""Print how much of the recorded answers the sandbox agrees with: `python -m tests.sandbox.agreement`.

With names of methods, or parts of them, only these. `--write` notes the recordings as evidence, in
`evidence.json` and docs/sandbox-evidence.md.
"""

from __future__ import annotations

import sys

from tests.sandbox.agreement import page
from tests.sandbox.agreement.comparison import Comparison, compare
from tests.sandbox.agreement.exchanges import recorded_methods
from tests.sandbox.complete_photo import complete_sample_photo
from tests.support.local_api import LocalApi


def main(arguments: list[str]) -> int:
    """Run the command; return its exit status, 1 if a fact differs without a declared reason."""
    wanted = [word for word in arguments if not word.startswith("-")]
    names = [name for name in recorded_methods() if not wanted or any(w in name for w in wanted)]
    if not names:
        print("no recorded answers: set FLICKR_RECORDINGS to their folders", file=sys.stderr)
        return 1
    if "--write" in arguments:
        page.write()
    api = LocalApi(photos=600)
    complete_sample_photo(api)
    api.save()
    results = [compare(api, name) for name in names]
    for result in results:
        _print_differences(result)
    print(summarize(results))
    return int(any(result.different for result in results))


def summarize(results: list[Comparison]) -> str:
    """Return the figures of comparisons, in one line."""
    answers, facts = sum(r.answers for r in results), sum(r.facts for r in results)
    current, agreeing = sum(r.current for r in results), sum(r.agreeing for r in results)
    return (
        f"{answers:,} answers of {len(results)} methods, {facts:,} facts: {facts - current:,} are"
        f" older than today's shape; of the other {current:,}, {agreeing:,} agree"
        f" ({agreeing / current:.2%})"
    )


def _print_differences(result: Comparison) -> None:
    for (key, kind), recording in result.different:
        print(f"{result.method} {key} is {kind} on {recording.day} ({recording.source})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
