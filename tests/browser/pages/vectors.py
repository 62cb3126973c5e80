"""Run all vectors in a PyScript page or worker, and report their records to the page."""

import js
import perform
from pyscript import config, window
from pyscript.ffi import create_proxy

import pyflickr_web


async def go(text):
    return await perform.perform(pyflickr_web, text)


async def main():
    load = js.Function.new("address", "return import(address)")
    origin = js.location.origin
    runner = await load(origin + "/runner.mjs")
    report = await runner.runPythonHere(
        create_proxy(go), create_proxy(perform.cancel), origin + "/vectors/" + config["edition"]
    )
    window.report = report


await main()
