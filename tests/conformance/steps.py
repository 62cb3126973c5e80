"""Run steps of a listing: concurrent, cancelled, failing and closed. MicroPython runs this file too.

`outcomes(make)` runs every case on a listing from `make(pages)`, and returns a list for each case: the
`id` that a step returned, or the name of its error. A page is a text with an id in each character, or
`hang`, which never answers, or `error`.
"""

import asyncio


async def _step(listing):
    try:
        return (await listing.__anext__())["id"]
    except BaseException as error:
        return type(error).__name__


async def _close(listing):
    try:
        await listing.aclose()
    except RuntimeError:
        return "RuntimeError"
    return "closed"


async def _begin(listing):
    """Begin a step; return its task once it waits for an answer."""
    task = asyncio.create_task(_step(listing))
    for _ in range(20):
        await asyncio.sleep(0)
    return task


async def _steps(listing, count):
    found = []
    for _ in range(count):
        found.append(await _step(listing))
    return found


async def _at_once(make):
    listing = make(["ab", "c"])
    found = await asyncio.gather(*[_step(listing) for _ in range(4)])
    return list(found) + await _steps(listing, 4)


async def _cancelled(make):
    listing = make(["a", "hang", "c"])
    found = await _steps(listing, 1)
    task = await _begin(listing)
    task.cancel()
    return found + [await task] + await _steps(listing, 2)


async def _step_after_failure(make):
    return await _steps(make(["a", "error", "c"]), 4)


async def _closed(make):
    listing = make(["ab", "c"])
    found = await _steps(listing, 1)
    found.append(await _close(listing))
    found += await _steps(listing, 2)
    found.append(await _close(listing))
    return found


async def _closed_before_a_step(make):
    listing = make(["ab"])
    return [await _close(listing)] + await _steps(listing, 1)


async def _closed_within_a_step(make):
    listing = make(["a", "hang"])
    found = await _steps(listing, 1)
    task = await _begin(listing)
    found += [await _step(listing), await _close(listing)]
    task.cancel()
    return found + [await task] + await _steps(listing, 1)


async def outcomes(make):
    return {
        "at once": await _at_once(make),
        "cancelled": await _cancelled(make),
        "failed": await _step_after_failure(make),
        "closed": await _closed(make),
        "closed before a step": await _closed_before_a_step(make),
        "closed within a step": await _closed_within_a_step(make),
    }
